import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab/Lab';
import { startLab } from '../lab/startLab';
import { checkoutDir } from '../parts/paths';
import { waitUntil } from '../processes/waitUntil';
import { ApiError, type KubernetesObject } from './KubernetesClient';
import { loadObjects } from './loadObjects';
import { readRulesPage, type RuleExample } from './rulesPage';

jest.setTimeout(240_000);

const SCHEMA = {
  what: 'the API server to use the other schema',
  timeoutMs: 20_000,
};
const API = 'lattice.dev/v1alpha1';

type Patch = Record<string, unknown>;

const metadata = (name: string) => ({ name, namespace: 'data' });

function aPackage(spec: Patch = {}, name = 'redis'): KubernetesObject {
  return {
    apiVersion: API,
    kind: 'LatticePackage',
    metadata: metadata(name),
    spec: {
      chart: {
        repo: 'oci://r.example.com/c',
        name: 'redis',
        version: '18.4.0',
      },
      ...spec,
    },
  };
}

function aMember(spec: Patch = {}, name = 'redis'): KubernetesObject {
  return {
    apiVersion: API,
    kind: 'LatticeMeshMember',
    metadata: metadata(name),
    spec: { target: { selector: { app: 'redis' } }, ...spec },
  };
}

function another(kind: string, spec: Patch): KubernetesObject {
  return { apiVersion: API, kind, metadata: metadata('other'), spec };
}

const chart = (fields: Patch): KubernetesObject =>
  aPackage({ chart: { name: 'redis', version: '18.4.0', ...fields } });
const port = (fields: Patch) =>
  aMember({ ports: [{ port: 1, name: 'a', ...fields }] });
const egress = (target: Patch) =>
  aMember({ egress: [{ target, ports: [443] }] });

/** Both shapes of every field that has two, and what only one of the public sources knows. */
const ACCEPTED: [string, KubernetesObject][] = [
  ['repo', aPackage()],
  ['repository', chart({ repository: 'https://charts.example.com' })],
  [
    'repo and repository, the same',
    chart({ repo: 'oci://a', repository: 'oci://a' }),
  ],
  [
    'any values',
    aPackage({
      values: { a: null, b: [1, { c: 'x' }], d: { $secret: { k: '${a.b}' } } },
    }),
  ],
  [
    'secrets with and without provider',
    aPackage({
      resources: {
        a: { type: 'secret', params: { keys: ['k'] } },
        b: {
          type: 'secret',
          id: 'x',
          params: { provider: 'vault', refreshInterval: '1h' },
        },
        c: { type: 'volume', params: { size: '1Gi' } },
      },
    }),
  ],
  [
    'packages as names and as objects',
    aPackage({ dependsOn: ['a', 'b/c', { name: 'd' }] }),
  ],
  [
    'every field of the reference',
    aPackage({
      createNamespace: true,
      skipCrds: true,
      propagate: true,
      timeout: '5m',
      targetNamespace: 'cache',
      mesh: {
        selector: { app: 'a' },
        ports: [{ port: 1, name: 'a', protocol: 'TCP' }],
      },
    }),
  ],
  [
    'a mesh block with matchLabels',
    aPackage({ mesh: { selector: { matchLabels: { app: 'a' } } } }),
  ],
  ['flat labels', aMember()],
  [
    'matchLabels',
    aMember({ target: { selector: { matchLabels: { app: 'redis' } } } }),
  ],
  ['a namespace', aMember({ target: { namespace: 'data' } })],
  [
    'egress ports as numbers and objects',
    aMember({
      egress: [{ target: { cidr: '10.0.0.0/8' }, ports: [1, { port: 2 }] }],
    }),
  ],
  [
    'callers as names and as objects',
    aMember({ allowedCallers: ['a', 'b/c', { name: '*' }], dependencies: [] }),
  ],
  [
    'one port for two protocols',
    aMember({
      ports: [
        { port: 53, name: 'a' },
        { port: 53, name: 'b', protocol: 'UDP' },
      ],
    }),
  ],
  [
    '200 ports',
    aMember({
      ports: Array.from({ length: 200 }, (_, index) => ({
        port: index + 1,
        name: `p${index}`,
      })),
    }),
  ],
  [
    'ingress and advertise',
    aMember({
      ingress: { routes: { a: {} } },
      advertise: { allowedServices: ['*'] },
    }),
  ],
  [
    'a service with fields that concern others',
    another('LatticeService', {
      deploy: { strategy: 'x' },
      workload: {
        containers: {},
        resources: { a: { type: 'service' } },
        service: { ports: { http: { port: 80, targetPort: 8080 } } },
      },
    }),
  ],
  [
    'a policy',
    another('CedarPolicy', {
      policies: 'permit(principal, action, resource);',
      priority: 5,
      enabled: false,
    }),
  ],
  [
    'a provider',
    another('SecretProvider', {
      provider: { vault: { server: 'https://vault' } },
    }),
  ],
];

/** What a whole object says, or the platform team decides, is for admission and controllers. */
const FOR_ADMISSION: [string, KubernetesObject][] = [
  ['http', chart({ repo: 'http://a' })],
  ['a range', chart({ repo: 'oci://a', version: '^18' })],
  ['a name that Helm cannot take', aPackage({}, 'a'.repeat(54))],
  [
    'skipCrds against crdPolicy',
    aPackage({ skipCrds: true, crdPolicy: { install: 'Create' } }),
  ],
  ['the port of the tunnel', port({ port: 15008 })],
  [
    'plaintext for a namespace',
    aMember({
      target: { namespace: 'data' },
      ports: [{ port: 1, name: 'a', peerAuth: 'Webhook' }],
    }),
  ],
];

const REFUSED: [string, KubernetesObject, string][] = [
  ['no repository', chart({}), 'one of repository and repo'],
  [
    'two repositories',
    chart({ repo: 'oci://a', repository: 'oci://b' }),
    'the same field',
  ],
  [
    'a version that is no text',
    chart({ repo: 'oci://a', version: 18.4 }),
    'spec.chart.version',
  ],
  [
    'a short digest',
    chart({ repo: 'oci://a', digest: 'sha256:a' }),
    'spec.chart.digest',
  ],
  ['no chart', another('LatticePackage', {}), 'spec.chart'],
  ['values that are a list', aPackage({ values: [] }), 'spec.values'],
  ['an unknown policy', aPackage({ driftPolicy: 'Fix' }), 'spec.driftPolicy'],
  ['no time', aPackage({ timeout: '0s' }), 'spec.timeout'],
  [
    'too much time',
    aPackage({ progressDeadline: '9999999999999h' }),
    'must be from 1s to 24h',
  ],
  ['a duration without unit', aPackage({ timeout: '30' }), 'spec.timeout'],
  ['history without end', aPackage({ historyMax: 0 }), 'spec.historyMax'],
  [
    'an account elsewhere',
    aPackage({ serviceAccountName: 'a/b' }),
    'spec.serviceAccountName',
  ],
  [
    'a block with a bad port',
    aPackage({
      mesh: { selector: { app: 'a' }, ports: [{ port: 1, name: 'A' }] },
    }),
    'spec.mesh.ports[0].name',
  ],
  ['no target', another('LatticeMeshMember', { ports: [] }), 'spec.target'],
  [
    'two targets',
    aMember({ target: { selector: { a: 'b' }, namespace: 'data' } }),
    'exactly one of selector and namespace',
  ],
  [
    'a selector that is text',
    aMember({ target: { selector: 'app=redis' } }),
    'spec.target.selector',
  ],
  ['port 0', port({ port: 0 }), 'spec.ports[0].port'],
  ['port 65536', port({ port: 65536 }), 'spec.ports[0].port'],
  ['a port as text', port({ port: '80' }), 'spec.ports[0].port'],
  [
    'a port without name',
    aMember({ ports: [{ port: 1 }] }),
    'spec.ports[0].name',
  ],
  ['a name with capitals', port({ name: 'Http' }), 'spec.ports[0].name'],
  ['an unknown peerAuth', port({ peerAuth: 'Open' }), 'spec.ports[0].peerAuth'],
  ['an unknown protocol', port({ protocol: 'SCTP' }), 'spec.ports[0].protocol'],
  [
    'a name twice',
    aMember({
      ports: [
        { port: 1, name: 'a' },
        { port: 2, name: 'a' },
      ],
    }),
    'its own name',
  ],
  [
    'a port twice',
    aMember({
      ports: [
        { port: 1, name: 'a' },
        { port: 1, name: 'b', protocol: 'TCP' },
      ],
    }),
    'declared twice',
  ],
  [
    'two egress targets',
    egress({ cidr: '10.0.0.0/8', fqdn: 'a.b' }),
    'exactly one of entity',
  ],
  ['no egress target', egress({}), 'exactly one of entity'],
  [
    'an entity that is pods',
    egress({ entity: 'cluster' }),
    'must be one of kube-apiserver',
  ],
  [
    'a service port that is text',
    another('LatticeService', {
      workload: { service: { ports: { http: { port: 'http' } } } },
    }),
    'spec.workload.service.ports.http.port',
  ],
  ['a policy without text', another('CedarPolicy', {}), 'spec.policies'],
  [
    'no provider',
    another('SecretProvider', { provider: {} }),
    'exactly one provider',
  ],
  [
    'two providers',
    another('SecretProvider', { provider: { aws: {}, vault: {} } }),
    'exactly one provider',
  ],
];

describe('the CRDs on a real API server', () => {
  let dir: string;
  let lab: Lab;
  let examples: RuleExample[];
  const made = new Set<string>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-crds-'));
    examples = await readRulesPage();
    lab = await startLab({ dataDir: dir, parts: ['cluster'] });
  });

  afterAll(async () => {
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  async function ensureNamespace(name = 'default'): Promise<void> {
    if (!made.has(name)) {
      made.add(name);
      await lab.client
        .apply(
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
          'crds-test',
        )
        // A name that no namespace can have: whatever wants to stand in it is refused for that.
        .catch(() => undefined);
    }
  }

  /** What the server says against an object, if anything; nothing is kept. */
  async function objection(
    object: KubernetesObject,
  ): Promise<string | undefined> {
    await ensureNamespace(object.metadata.namespace);
    const path = await lab.client.pathOf(object);
    try {
      await lab.client.call('POST', path.slice(0, path.lastIndexOf('/')), {
        body: object,
        query: { dryRun: 'All', fieldValidation: 'Strict' },
      });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) {
        return error.message;
      }
      throw error;
    }
  }

  const merge = (path: string, body: unknown) =>
    lab.client.call('PATCH', path, {
      contentType: 'application/merge-patch+json',
      body,
    });

  const objections = (list: KubernetesObject[]) =>
    Promise.all(list.map(objection));

  const pathOfCrd = (plural: string) =>
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.lattice.dev`;

  it.each(ACCEPTED)('accept %s', async (_, object) => {
    expect(await objection(object)).toBeUndefined();
  });

  it.each(FOR_ADMISSION)('leave to admission %s', async (_, object) => {
    expect(await objection(object)).toBeUndefined();
  });

  it.each(REFUSED)('refuse %s, and say where', async (_, object, text) => {
    expect(await objection(object)).toContain(text);
  });

  it('accept every example that the page of the rules accepts', async () => {
    const accepted = examples.filter(({ label }) => label === 'Accepted');
    expect(accepted.length).toBeGreaterThan(50);
    for (const { rule, objects } of accepted) {
      for (const object of objects) {
        expect({ rule, said: await objection(object) }).toEqual({ rule });
      }
    }
  });

  it('refuse exactly those examples of which the page says so', async () => {
    const said: Record<string, boolean> = {};
    const wanted: Record<string, boolean> = {};
    for (const { rule, isSchema, objects } of examples.filter(
      ({ label }) => label !== 'Accepted',
    )) {
      const found = await objections(objects);
      said[rule] = found.some(one => one !== undefined);
      wanted[rule] = isSchema;
    }
    expect(said).toEqual(wanted);
  });

  it('accept the demonstration', async () => {
    const objects = await loadObjects(
      join(checkoutDir(), 'examples/manifests'),
    );
    const ours = objects.filter(({ apiVersion }) => apiVersion === API);
    expect(ours.length).toBeGreaterThan(0);
    for (const object of ours) {
      expect(await objection(object)).toBeUndefined();
    }
  });

  it('drop misspelt fields, or refuse them when asked to be strict', async () => {
    expect(await objection(aPackage({ vlaues: {} }))).toContain('vlaues');
  });

  it('let nobody take an object for ready before a controller has seen it', async () => {
    await ensureNamespace('data');
    const applied = await lab.client.apply(aPackage(), 'crds-test');
    expect({
      status: applied.status,
      generation: applied.metadata.generation,
    }).toEqual({
      status: { observedGeneration: -1 },
      generation: 1,
    });
    const ready = (status: string, observedGeneration: number) =>
      lab.client.call(
        'PATCH',
        '/apis/lattice.dev/v1alpha1/namespaces/data/latticepackages/redis/status',
        {
          contentType: 'application/merge-patch+json',
          body: {
            status: {
              observedGeneration,
              phase: status === 'True' ? 'Ready' : 'Progressing',
              release: { revision: 3 },
              conditions: [
                {
                  type: 'Ready',
                  status,
                  reason: 'Test',
                  message: '',
                  lastTransitionTime: '2026-01-01T00:00:00Z',
                  observedGeneration,
                },
              ],
            },
          },
        },
      );
    const wait = (seconds: number) =>
      lab.kubectl([
        'wait',
        'lpkg/redis',
        '-n',
        'data',
        '--for=condition=Ready',
        `--timeout=${seconds}s`,
      ]);
    await expect(wait(1)).rejects.toThrow();
    await ready('False', 1);
    await expect(wait(1)).rejects.toThrow();
    await ready('True', 1);
    await expect(wait(10)).resolves.toContain('condition met');
    // A change of the spec makes the word of the past worth nothing.
    await lab.client.apply(aPackage({ suspend: true }), 'crds-test');
    await expect(wait(1)).rejects.toThrow();
  });

  it.each([
    [
      'lpkg',
      /^NAME +READY +PHASE +CHART +VERSION +REVISION +AGE\nredis +True +Ready +redis +18\.4\.0 +3 +\S+/,
    ],
    ['lmm', /^NAME +READY +PHASE +SCOPE +AGE\nredis +<?\w*>? /],
  ])('show their columns: %s', async (kind, columns) => {
    await lab.client.apply(aMember(), 'crds-test');
    expect(await lab.kubectl(['get', kind, '-n', 'data'])).toMatch(columns);
  });

  it('keep one condition of each type, whoever writes them', async () => {
    const write = (type: string, fieldManager: string) =>
      lab.client.call(
        'PATCH',
        '/apis/lattice.dev/v1alpha1/namespaces/data/latticemeshmembers/redis/status',
        {
          contentType: 'application/apply-patch+yaml',
          query: { fieldManager },
          body: {
            apiVersion: API,
            kind: 'LatticeMeshMember',
            metadata: { name: 'redis', namespace: 'data' },
            status: { conditions: [{ type, status: 'True' }] },
          },
        },
      );
    await lab.client.apply(aMember(), 'crds-test');
    await write('Ready', 'one');
    await write('Audited', 'two');
    await write('Ready', 'one');
    const held = await lab.client.find<KubernetesObject>(
      '/apis/lattice.dev/v1alpha1/namespaces/data/latticemeshmembers/redis',
    );
    const { conditions } = held?.status as { conditions: { type: string }[] };
    expect(conditions.map(({ type }) => type).sort()).toEqual([
      'Audited',
      'Ready',
    ]);
  });

  it('let finalizers go and statuses be written on objects that the schema has outgrown', async () => {
    const kinds = ['latticemeshmembers', 'latticepackages'];
    const strict = await Promise.all(kinds.map(versionsOf));
    const old = [
      aMember(
        {
          ports: [{ port: 1, name: 'Http' }],
          egress: [{ target: { entity: 'cluster' }, ports: [1] }],
          serviceAccount: 'A B',
        },
        'old',
      ),
      aPackage(
        { timeout: '0s', targetNamespace: 'A B', values: { a: 1 } },
        'old',
      ),
    ];
    await setVersions(kinds, strict.map(withoutRules));
    await waitUntil(
      async () => (await objections(old)).every(one => one === undefined),
      SCHEMA,
    );
    for (const object of old) {
      await lab.client.apply(
        {
          ...object,
          metadata: { ...object.metadata, finalizers: ['example.com/x'] },
        } as KubernetesObject,
        'crds-test',
      );
    }
    await setVersions(kinds, strict);
    await waitUntil(
      async () => (await objections(old)).every(one => one !== undefined),
      SCHEMA,
    );
    for (const object of old) {
      const path = await lab.client.pathOf(object);
      await merge(`${path}/status`, { status: { phase: 'Failed' } });
      await merge(path, { metadata: { labels: { seen: 'true' } } });
      await lab.client.call('DELETE', path);
      await merge(path, { metadata: { finalizers: null } });
      expect(await lab.client.find(path)).toBeUndefined();
    }
  });

  async function versionsOf(plural: string): Promise<unknown> {
    const crd = await lab.client.find<KubernetesObject>(pathOfCrd(plural));
    return (crd?.spec as { versions: unknown }).versions;
  }

  async function setVersions(
    plurals: string[],
    versions: unknown[],
  ): Promise<void> {
    await Promise.all(
      plurals.map((plural, index) =>
        merge(pathOfCrd(plural), { spec: { versions: versions[index] } }),
      ),
    );
  }
});

/** The same schema as it was before it asked for anything in CEL. */
function withoutRules(versions: unknown): unknown {
  return JSON.parse(
    JSON.stringify(versions, (key, value: unknown) =>
      key === 'x-kubernetes-validations' ? undefined : value,
    ),
  );
}
