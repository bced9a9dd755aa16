import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LatticeMember } from '../api/memberModel';
import {
  aMemberOf,
  aPod,
  aRelease,
  aWorkload,
  declarationIn,
  REDIS,
} from './__testUtils__/worlds';
import {
  ChartChangeKinds,
  DriftFinding,
  DriftKinds,
  DriftWorld,
  findDrift,
  formatPatch,
  RunningPod,
} from './index';

/** `Kind severity` of each finding. */
function told(world: DriftWorld): string[] {
  return findDrift(world).map(({ kind, severity }) => `${kind} ${severity}`);
}

function only(world: DriftWorld): DriftFinding {
  const findings = findDrift(world);
  expect(findings).toHaveLength(1);
  return findings[0];
}

function patchOf({ patch }: DriftFinding): string | undefined {
  return patch && formatPatch(patch);
}

const EXPORTER = { name: 'metrics', port: 9121, protocol: 'TCP' };
const WITH_EXPORTER = aPod({ ports: [...aPod().ports, EXPORTER] });

type QuietRow = [
  sentence: string,
  member: LatticeMember,
  pods: readonly RunningPod[],
];

const QUIET: QuietRow[] = [
  ['what is declared is what runs', aMemberOf(), [aPod()]],
  [
    'the whole namespace is the target',
    aMemberOf({ target: { namespace: 'data' } }),
    [aPod()],
  ],
  [
    'an uncovered pod belongs to no package',
    aMemberOf(),
    [aPod(), aPod({ labels: { app: 'other' }, package: undefined })],
  ],
  [
    'UDP is declared as UDP',
    aMemberOf({ ports: [{ port: 53, name: 'dns', protocol: 'UDP' }] }),
    [aPod({ ports: [{ port: 53, protocol: 'UDP' }] })],
  ],
];

describe('findDrift', () => {
  it.each(QUIET)('says nothing where %s', (_, member, pods) => {
    expect(told({ members: [member], pods })).toEqual([]);
  });

  it('(a), item 40: finds an open port of a covered pod that no member declares', () => {
    const finding = only({ members: [aMemberOf()], pods: [WITH_EXPORTER] });
    expect(finding).toMatchObject({
      kind: 'UndeclaredPort',
      severity: 'warning',
      object: { kind: 'LatticeMeshMember', namespace: 'data', name: 'redis' },
      workload: { kind: 'StatefulSet', namespace: 'data', name: 'redis' },
      pods: ['redis-0'],
      port: EXPORTER,
      package: REDIS,
      seenIn: ['pod'],
    });
    expect(patchOf(finding)).toBe(`spec:
  ports:
    - port: 6379
      name: redis
    - port: 9121
      name: metrics
`);
  });

  it('(a): sees a port that only a Service leads to, and one that only the chart opens', () => {
    const metrics = { port: 80, protocol: 'TCP', targetPort: 9121 };
    const service = {
      namespace: 'data',
      name: 'metrics',
      selector: { app: 'redis' },
      ports: [metrics, { port: 81, protocol: 'TCP', targetPort: 'redis' }],
    };
    const finding = only({
      members: [aMemberOf()],
      pods: [aPod(), aPod({ name: 'redis-1' })],
      services: [service, { ...service, namespace: 'elsewhere' }],
    });
    expect(finding).toMatchObject({
      port: { port: 9121 },
      pods: ['redis-0', 'redis-1'],
      seenIn: ['pod'],
    });
    expect(patchOf(finding)).toContain('name: port-9121');
    expect(
      only({
        members: [aMemberOf()],
        pods: [aPod()],
        releases: [
          aRelease([aWorkload({ ports: [...aPod().ports, EXPORTER] })]),
        ],
      }),
    ).toMatchObject({ kind: 'UndeclaredPort', seenIn: ['chart'], pods: [] });
  });

  it('(a): writes the patch in the shape in which the declaration is written', () => {
    const inPackage = declarationIn({
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticePackage',
      metadata: { namespace: 'data', name: 'redis' },
      spec: {
        chart: {
          repository: 'oci://registry.example.com/charts',
          name: 'redis',
          version: '18.4.0',
        },
        mesh: {
          selector: { matchLabels: { app: 'redis' } },
          ports: [{ port: 6379, name: 'redis' }],
        },
      },
    });
    const finding = only({ members: [inPackage], pods: [WITH_EXPORTER] });
    expect(finding.object).toEqual({
      kind: 'LatticePackage',
      namespace: 'data',
      name: 'redis',
    });
    expect(patchOf(finding)).toBe(`spec:
  mesh:
    ports:
      - port: 6379
        name: redis
      - port: 9121
        name: metrics
`);
    const service = declarationIn({
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticeService',
      metadata: { namespace: 'data', name: 'redis' },
      spec: {
        workload: { service: { ports: { redis: { port: 6379 } } } },
      },
    });
    expect(
      patchOf(
        only({
          members: [service],
          pods: [
            {
              ...WITH_EXPORTER,
              labels: { 'app.kubernetes.io/name': 'redis' },
            },
          ],
        }),
      ),
    ).toBe(`spec:
  workload:
    service:
      ports:
        metrics:
          port: 9121
`);
  });

  it.each([
    [{ port: 5000, protocol: 'SCTP' }],
    [{ port: 15008, protocol: 'TCP' }],
  ])('(a): proposes nothing that no member can declare: %j', port => {
    const finding = only({
      members: [aMemberOf()],
      pods: [aPod({ ports: [...aPod().ports, port] })],
    });
    expect(finding.patch).toBeUndefined();
    expect(finding.message).toContain('no member can declare');
  });

  it('(b): finds a pod of a package that no member covers, and drafts a member that nobody may call', () => {
    const finding = only({
      members: [],
      pods: [
        aPod({
          labels: {
            'app.kubernetes.io/name': 'redis',
            'app.kubernetes.io/instance': 'redis',
            'helm.sh/chart': 'redis-18.4.0',
            'pod-template-hash': 'abc',
          },
        }),
      ],
    });
    expect(finding).toMatchObject({
      kind: 'UncoveredWorkload',
      severity: 'error',
      patch: {
        creates: true,
        object: { kind: 'LatticeMeshMember', namespace: 'data', name: 'redis' },
        merge: {
          kind: 'LatticeMeshMember',
          spec: {
            target: {
              selector: {
                'app.kubernetes.io/name': 'redis',
                'app.kubernetes.io/instance': 'redis',
              },
            },
            ports: [{ port: 6379, name: 'redis' }],
            allowedCallers: [],
            dependencies: [],
          },
        },
      },
    });
  });

  it("(b): drafts a member that catches nobody else's pods", () => {
    const labels = { app: 'redis', role: 'replica' };
    const findings = findDrift({
      members: [
        aMemberOf({ target: { selector: { app: 'redis', role: 'main' } } }),
      ],
      pods: [
        aPod({ labels: { app: 'redis', role: 'main' } }),
        aPod({
          name: 'redis-replica-0',
          owner: { kind: 'StatefulSet', name: 'redis-replica' },
          labels,
          serviceAccount: 'replica',
        }),
      ],
    });
    expect(findings.map(({ patch }) => patch?.merge)).toMatchObject([
      {
        metadata: { namespace: 'data', name: 'redis-replica' },
        spec: { target: { selector: labels }, serviceAccount: 'replica' },
      },
    ]);
  });

  it('(b): says so when labels tell the pods from no other, and when no policy would apply', () => {
    const stranger = aPod({
      name: 'twin-0',
      package: undefined,
      owner: { kind: 'Pod', name: 'twin' },
    });
    const unclear = only({ members: [], pods: [aPod(), stranger] });
    expect(unclear.patch).toBeUndefined();
    expect(unclear.message).toContain('tell them from no other');
    const onHost = findDrift({
      members: [aMemberOf()],
      pods: [aPod({ hostNetwork: true })],
    });
    expect(onHost).toMatchObject([
      { kind: 'NothingSelected' },
      {
        kind: 'UncoveredWorkload',
        message: expect.stringContaining('network of its node'),
      },
    ]);
    expect(onHost.some(({ patch }) => patch)).toBe(false);
  });

  it('(c): finds a declared port that nobody opens', () => {
    const member = aMemberOf({
      ports: [
        { port: 6379, name: 'redis' },
        { port: 16379, name: 'bus', peerAuth: 'Permissive' },
      ],
    });
    const finding = only({ members: [member], pods: [aPod()] });
    expect(finding).toMatchObject({
      kind: 'UnopenedPort',
      severity: 'warning',
      port: { port: 16379, name: 'bus' },
    });
    expect(patchOf(finding)).toBe(`spec:
  ports:
    - port: 6379
      name: redis
`);
  });

  it('(c): accuses nobody where pods name no ports at all', () => {
    const finding = only({
      members: [aMemberOf()],
      pods: [aPod({ ports: [] })],
    });
    expect(finding).toMatchObject({ kind: 'UnopenedPort', severity: 'info' });
    expect(finding.patch).toBeUndefined();
  });

  it('(d): finds a selector that matches nothing, and mends it where it is clear what is meant', () => {
    const labels = { 'app.kubernetes.io/instance': 'redis' };
    const findings = findDrift({
      members: [
        aMemberOf({ target: { selector: { matchLabels: { app: 'redis' } } } }),
      ],
      pods: [aPod({ labels })],
    });
    expect(findings.map(({ kind }) => kind)).toEqual([
      'NothingSelected',
      'UncoveredWorkload',
    ]);
    expect(patchOf(findings[0])).toBe(`spec:
  target:
    selector:
      matchLabels:
        app: null
        app.kubernetes.io/instance: redis
`);
    expect(only({ members: [aMemberOf()], pods: [] }).patch).toBeUndefined();
  });

  it('(d): does not look at members whose pods are not part of the world', () => {
    const other = aMemberOf({ target: { selector: { app: 'x' } } }, 'other');
    const releases = [aRelease([aWorkload()])];
    expect(told({ members: [aMemberOf(), other], releases })).toEqual([]);
    expect(told({ members: [aMemberOf(), other], releases, pods: [] })).toEqual(
      ['NothingSelected warning'],
    );
    expect(
      told({ members: [other], pods: [], protectedNamespaces: ['data'] }),
    ).toEqual([]);
  });

  it('(e): finds two members on one pod, and narrows the wider one', () => {
    const main = aPod({ labels: { app: 'redis', role: 'main' } });
    const replica = aPod({
      name: 'redis-1',
      labels: { app: 'redis', role: 'replica' },
    });
    const finding = only({
      members: [
        aMemberOf({ serviceAccount: 'redis' }),
        aMemberOf(
          {
            target: { selector: { app: 'redis', role: 'replica' } },
            serviceAccount: 'redis',
          },
          'replica',
        ),
      ],
      pods: [main, replica],
    });
    expect(finding).toMatchObject({
      kind: 'OverlappingMembers',
      severity: 'error',
      pods: ['redis-1'],
      object: { name: 'redis' },
    });
    expect(patchOf(finding)).toBe(`spec:
  target:
    selector:
      role: main
`);
  });

  it('(e): narrows a whole namespace to the pods that nobody else has', () => {
    const finding = findDrift({
      members: [
        aMemberOf({ target: { namespace: 'data' } }, 'all'),
        aMemberOf(),
      ],
      pods: [
        aPod(),
        aPod({
          name: 'web-0',
          labels: { app: 'web' },
          owner: { kind: 'Deployment', name: 'web' },
        }),
      ],
    }).find(({ kind }) => kind === 'OverlappingMembers');
    expect(finding && patchOf(finding)).toBe(`spec:
  target:
    namespace: null
    selector:
      app: web
`);
  });

  it('(e): leaves it to people where one of the two has no other pods', () => {
    const finding = only({
      members: [
        aMemberOf({ serviceAccount: 'redis' }),
        aMemberOf({ serviceAccount: 'redis' }, 'twin'),
      ],
      pods: [aPod()],
    });
    expect(finding.patch).toBeUndefined();
    expect(finding.message).toContain('delete one of the two');
  });

  it('(e): takes a member and the service that it stands in for as one', () => {
    const service = declarationIn({
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticeService',
      metadata: { namespace: 'data', name: 'redis' },
      spec: { workload: { service: { ports: { redis: { port: 6379 } } } } },
    });
    const labels = { app: 'redis', 'app.kubernetes.io/name': 'redis' };
    expect(
      told({ members: [service, aMemberOf()], pods: [aPod({ labels })] }),
    ).toEqual([]);
  });

  it('(f): finds a pod that runs under another account than its member says', () => {
    const finding = only({
      members: [aMemberOf()],
      pods: [aPod({ serviceAccount: 'redis-server' })],
    });
    expect(finding).toMatchObject({
      kind: 'AccountMismatch',
      severity: 'error',
    });
    expect(patchOf(finding)).toBe('spec:\n  serviceAccount: redis-server\n');
    expect(
      told({
        members: [aMemberOf({ ambient: false })],
        pods: [aPod({ serviceAccount: 'redis-server' })],
      }),
    ).toEqual(['AccountMismatch info']);
  });

  it("(f): never lets a member claim the account that is everybody's", () => {
    const finding = only({
      members: [aMemberOf()],
      pods: [aPod({ serviceAccount: 'default' })],
    });
    expect(finding.patch).toBeUndefined();
    expect(finding.message).toContain('an account of their own');
  });

  it('(f): asks for one member per account where pods differ', () => {
    const findings = findDrift({
      members: [aMemberOf()],
      pods: [aPod(), aPod({ name: 'redis-1', serviceAccount: 'other' })],
    });
    expect(findings).toMatchObject([
      {
        kind: 'AccountMismatch',
        pods: ['redis-1'],
        message: expect.stringContaining('one member for each account'),
      },
    ]);
    expect(findings[0].patch).toBeUndefined();
  });

  it('looks into no protected namespace', () => {
    expect(
      told({
        members: [],
        pods: [aPod()],
        protectedNamespaces: ['data'],
      }),
    ).toEqual([]);
  });

  it('leaves out what runs and ends, and hooks', () => {
    const release = aRelease([
      aWorkload(),
      aWorkload({ kind: 'Job', name: 'init', ports: [EXPORTER] }),
      aWorkload({ kind: 'Deployment', name: 'hook', ports: [EXPORTER] }),
    ]);
    const hooks = [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'hook',
        events: ['test'],
      },
    ];
    expect(
      told({
        members: [aMemberOf()],
        releases: [
          { ...release, inspection: { ...release.inspection, hooks } },
        ],
      }),
    ).toEqual([]);
  });

  it('gives findings the same id in every scan, whichever pod shows them', () => {
    const idsOf = (name: string) =>
      findDrift({
        members: [aMemberOf()],
        pods: [{ ...WITH_EXPORTER, name }],
      }).map(({ id }) => id);
    expect(idsOf('redis-0')).toEqual(idsOf('redis-7'));
    expect(idsOf('redis-0')).toEqual([
      'UndeclaredPort:data%2Fredis:StatefulSet:redis:9121%2FTCP',
    ]);
  });
});

describe('docs/reference/findings.md', () => {
  it('explains every kind of finding and of change', () => {
    const page = readFileSync(
      join(__dirname, '../../../../docs/reference/findings.md'),
      'utf8',
    );
    for (const kind of [
      ...Object.values(DriftKinds),
      ...Object.values(ChartChangeKinds),
    ]) {
      expect(page).toContain(`\`${kind}\``);
    }
  });
});
