import { readFile } from 'node:fs/promises';
import { Agent, fetch as fetchWith } from 'undici';
import { PortalUnderTest } from './PortalUnderTest.ts';

const REDIS = { kind: 'latticepackage', namespace: 'data', name: 'redis' };
const MINUTES = 60_000;

/** A package of the demo's repository; the chart is ours unless said otherwise. */
function aPackage(
  name: string,
  chart: Record<string, unknown> = {},
  spec: object = {},
) {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name, namespace: 'data' },
    spec: {
      chart: {
        repo: 'oci://registry.example.com/charts',
        name: 'redis',
        version: '18.4.0',
        ...chart,
      },
      values: { auth: { enabled: false } },
      ...spec,
    },
  };
}

describe('the portal on the lab', () => {
  jest.setTimeout(5 * MINUTES);
  let world: PortalUnderTest;

  beforeAll(async () => {
    world = await PortalUnderTest.start({ withForge: false });
  });

  afterAll(async () => {
    await world?.stop();
  });

  it('brings the manifest of the handbook to Ready, with a real release', async () => {
    await world.waitForCondition(REDIS, { type: 'Ready', status: 'True' });
    const releases = await world.list('secret', 'data');
    expect(releases.map(({ metadata }) => metadata.name)).toContain(
      'sh.helm.release.v1.redis.v1',
    );
    const workload = await world.get('statefulset', 'data', 'redis');
    expect(workload?.status).toMatchObject({ readyReplicas: 3 });
  });

  it('turns the member and both callers into policies that enforce two edges', async () => {
    const member = {
      kind: 'latticemeshmember',
      namespace: 'data',
      name: 'redis',
    };
    await world.waitForCondition(member, {
      type: 'AgreementsComplete',
      status: 'True',
    });
    await world.eventually('two enforced edges', async () => {
      const { text } = await world.ask('members/lab/data/redis');
      const edges = JSON.parse(text).item.edges as {
        state: string;
        direction: string;
      }[];
      return edges.filter(({ state }) => state === 'enforced').length === 2;
    });
    const [network] = await world.list('ciliumnetworkpolicy', 'data');
    expect(network.spec).toMatchObject({
      ingress: expect.arrayContaining([{}]),
      egress: expect.arrayContaining([{}]),
    });
    const [authorization] = await world.list('authorizationpolicy', 'data');
    expect(JSON.stringify(authorization.spec)).toContain(
      '/ns/commerce/sa/checkout',
    );
    expect(JSON.stringify(authorization.spec)).toContain(
      '/ns/commerce/sa/inventory',
    );
  });

  it('shows the value of the secret nowhere but in the chart that needs it', async () => {
    const [chartSecret] = (await world.list('secret', 'data')).filter(
      ({ data }) =>
        Object.values((data ?? {}) as Record<string, string>).some(
          value =>
            Buffer.from(value, 'base64').toString() === world.secretValue,
        ),
    );
    expect(chartSecret).toBeDefined();
    for (const path of [
      'packages',
      'packages/lab/data/redis',
      'members/lab/data/redis',
    ]) {
      expect((await world.ask(path)).text).not.toContain(world.secretValue);
    }
    expect(
      JSON.stringify(await world.get('latticepackage', 'data', 'redis')),
    ).not.toContain(world.secretValue);
    expect(await world.portalLog()).not.toContain(world.secretValue);
    const events = await world.lab.kubectl([
      'get',
      'events',
      '--all-namespaces',
      '--output=yaml',
    ]);
    expect(events).not.toContain(world.secretValue);
  });

  it('upgrades the release when the version of the chart changes', async () => {
    await world.lab.kubectl([
      'patch',
      'latticepackage',
      'redis',
      '--namespace=data',
      '--type=merge',
      '--patch={"spec":{"chart":{"version":"18.5.0"}}}',
    ]);
    await world.eventually('revision 2 to run', async () => {
      const found = await world.get('latticepackage', 'data', 'redis');
      const status = found?.status as {
        observedGeneration: number;
        chart?: { version: string };
        conditions: { type: string; status: string }[];
      };
      return (
        status.observedGeneration === found?.metadata.generation &&
        status.chart?.version === '18.5.0' &&
        status.conditions.some(
          ({ type, status: is }) => type === 'Ready' && is === 'True',
        )
      );
    });
    const workload = await world.get('statefulset', 'data', 'redis');
    expect(JSON.stringify(workload?.spec)).toContain('9121');
  });

  it('says what is wrong with each broken package and leaves the others alone', async () => {
    await world.apply(
      aPackage('missing-chart', { name: 'no-such-chart' }),
      aPackage('missing-version', { version: '99.0.0' }),
      aPackage('not-allowed', { repo: 'oci://elsewhere.example.com/charts' }),
      aPackage('a-range', { version: '^18.0.0' }),
      aPackage(
        'no-permit',
        {},
        {
          values: {
            auth: { enabled: true, password: '${resources.other.token}' },
          },
          resources: {
            other: {
              type: 'secret',
              id: 'platform/other',
              params: { provider: 'lattice-lab', keys: ['token'] },
            },
          },
        },
      ),
    );
    const ready = (name: string, reason?: string) =>
      world.waitForCondition(
        { ...REDIS, name },
        { type: 'Ready', status: 'False', reason },
      );
    for (const name of [
      'missing-chart',
      'missing-version',
      'not-allowed',
      'a-range',
      'no-permit',
    ]) {
      const { message } = await ready(name);
      expect(message.length).toBeGreaterThan(20);
      const { text } = await world.ask(`packages/lab/data/${name}`);
      expect(JSON.parse(text).item.message).toBeTruthy();
    }
    await world.waitForCondition(
      { ...REDIS, name: 'no-permit' },
      { type: 'Authorized', status: 'False' },
    );
    await world.waitForCondition(REDIS, { type: 'Ready', status: 'True' });
  });

  it('warns of a Ready package that no member speaks for', async () => {
    await world.apply(
      aPackage(
        'lonely',
        { name: 'podinfo', version: await podinfoVersion(world) },
        { values: {} },
      ),
    );
    await world.waitForCondition(
      { ...REDIS, name: 'lonely' },
      { type: 'Ready', status: 'True' },
    );
    const { message } = await world.waitForCondition(
      { ...REDIS, name: 'lonely' },
      { type: 'MeshEnrolled', status: 'False', reason: 'NoMember' },
    );
    expect(message).toContain(
      'LatticePackage lonely is Ready but no LatticeMeshMember exists in namespace data.',
    );
  });

  it('refuses values that are not an object before anything is stored', async () => {
    const broken = aPackage('no-object', {}, { values: 'replicas: 3' });
    await expect(world.apply(broken)).rejects.toThrow(/spec\.values/);
  });

  it('keeps the policies of a deleted member closed until its last pod is gone', async () => {
    await world.lab.kubectl([
      'delete',
      'latticemeshmember',
      'redis',
      '--namespace=data',
      '--wait=false',
    ]);
    await world.eventually('the policy to deny only', async () => {
      const [policy] = await world.list('ciliumnetworkpolicy', 'data');
      return (
        JSON.stringify((policy?.spec as { ingress?: unknown })?.ingress) ===
        '[{}]'
      );
    });

    await world.lab.kubectl([
      'delete',
      'latticepackage',
      'redis',
      '--namespace=data',
      '--timeout=60s',
    ]);

    const secrets = (await world.list('secret', 'data')).map(
      ({ metadata }) => metadata.name,
    );
    expect(secrets.filter(name => name.includes('.redis.v'))).toEqual([]);
    expect(await world.get('statefulset', 'data', 'redis')).toBeUndefined();
    expect(
      (await world.list('externalsecret', 'data')).filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ name }) => name === 'redis'),
      ),
    ).toEqual([]);
    await world.eventually(
      'the policies of the member to go with its pods',
      async () => {
        const policies = await world.list('ciliumnetworkpolicy', 'data');
        const member = await world.get('latticemeshmember', 'data', 'redis');
        return policies.length === 0 && !member;
      },
    );
  });

  it('names the registry that does not answer and the kind that is not served, and goes on with the rest', async () => {
    await world.lab.stopProcess('registry');
    await world.lab.kubectl([
      'delete',
      'crd',
      'externalsecrets.external-secrets.io',
    ]);
    await world.apply(
      aPackage('registry-away', { name: 'kwok', version: '0.2.0' }),
      aPackage(
        'kind-away',
        {},
        {
          values: {
            auth: { enabled: true, password: '${resources.redis.auth-token}' },
          },
          resources: {
            redis: {
              type: 'secret',
              id: 'data/redis',
              params: { provider: 'lattice-lab', keys: ['auth-token'] },
            },
          },
        },
      ),
    );
    const unavailable = await world.waitForCondition(
      { ...REDIS, name: 'registry-away' },
      { type: 'ChartAvailable', status: 'False' },
    );
    expect(unavailable.message).toContain('registry.example.com');
    const notServed = await world.waitForCondition(
      { ...REDIS, name: 'kind-away' },
      { type: 'SecretsResolved', status: 'False' },
    );
    expect(notServed.message).toContain('ExternalSecret');
    await world.waitForCondition(
      { ...REDIS, name: 'lonely' },
      { type: 'Ready', status: 'True' },
    );
  });
});

async function podinfoVersion(world: PortalUnderTest): Promise<string> {
  const ca = await readFile(world.lab.registry.caFile);
  const answer = await fetchWith(
    `${world.lab.registry.url}/v2/charts/podinfo/tags/list`,
    { dispatcher: new Agent({ connect: { ca } }) },
  );
  const { tags } = (await answer.json()) as { tags: string[] };
  return tags[0];
}
