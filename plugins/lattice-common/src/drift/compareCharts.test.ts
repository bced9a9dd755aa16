import { aMemberOf, aPod, aRelease, aWorkload } from './__testUtils__/worlds';
import { compareCharts, formatPatch } from './index';

const EXPORTER = { name: 'metrics', port: 9121, protocol: 'TCP' };
const REDIS_PORT = { name: 'redis', port: 6379, protocol: 'TCP' };

describe('compareCharts', () => {
  it('item 39: reports a port that a new version adds, and how to declare it', () => {
    const { changes, findings } = compareCharts({
      before: aRelease([aWorkload()]),
      after: aRelease([aWorkload({ ports: [REDIS_PORT, EXPORTER] })]),
      world: { members: [aMemberOf()] },
    });
    expect(changes).toEqual([
      {
        kind: 'PortAdded',
        workload: { kind: 'StatefulSet', namespace: 'data', name: 'redis' },
        port: EXPORTER,
      },
    ]);
    expect(findings).toMatchObject([
      { kind: 'UndeclaredPort', port: EXPORTER, seenIn: ['chart'] },
    ]);
    expect(findings[0].message).toContain('stays closed');
    expect(formatPatch(findings[0].patch!)).toContain('port: 9121');
  });

  it('blames an upgrade for nothing that is wrong already', () => {
    const withExporter = aRelease([
      aWorkload({ ports: [REDIS_PORT, EXPORTER] }),
    ]);
    expect(
      compareCharts({
        before: withExporter,
        after: withExporter,
        world: { members: [aMemberOf()] },
      }),
    ).toEqual({ changes: [], findings: [] });
  });

  it('reports a port that a new version no longer opens', () => {
    const { changes, findings } = compareCharts({
      before: aRelease([aWorkload({ ports: [REDIS_PORT, EXPORTER] })]),
      after: aRelease([aWorkload()]),
      world: {
        members: [
          aMemberOf({
            ports: [
              { port: 6379, name: 'redis' },
              { port: 9121, name: 'metrics' },
            ],
          }),
        ],
      },
    });
    expect(changes.map(({ kind }) => kind)).toEqual(['PortRemoved']);
    expect(findings).toMatchObject([
      { kind: 'UnopenedPort', port: { port: 9121 } },
    ]);
  });

  it('mends the selector of the member that covered the pods before', () => {
    const labels = { 'app.kubernetes.io/name': 'redis' };
    const { changes, findings } = compareCharts({
      before: aRelease([aWorkload()]),
      after: aRelease([aWorkload({ labels })]),
      world: { members: [aMemberOf({}, 'cache')] },
    });
    expect(changes).toEqual([
      expect.objectContaining({
        kind: 'LabelsChanged',
        before: 'app=redis',
        after: 'app.kubernetes.io/name=redis',
      }),
    ]);
    expect(findings.map(({ kind }) => kind)).toEqual([
      'NothingSelected',
      'UncoveredWorkload',
    ]);
    for (const { patch } of findings) {
      expect(patch?.object.name).toBe('cache');
      expect(patch?.merge).toEqual({
        spec: { target: { selector: { app: null, ...labels } } },
      });
    }
  });

  it('reports an account that a new version changes', () => {
    const { changes, findings } = compareCharts({
      before: aRelease([aWorkload()]),
      after: aRelease([aWorkload({ serviceAccount: 'redis-server' })]),
      world: { members: [aMemberOf()] },
    });
    expect(changes).toMatchObject([
      { kind: 'AccountChanged', before: 'redis', after: 'redis-server' },
    ]);
    expect(findings).toMatchObject([
      {
        kind: 'AccountMismatch',
        patch: { merge: { spec: { serviceAccount: 'redis-server' } } },
      },
    ]);
  });

  it('reports workloads that come and go, renamed ports, and Services that select others', () => {
    const service = (app: string) => ({
      name: 'redis',
      selector: { app },
      ports: [],
    });
    const { changes } = compareCharts({
      before: aRelease(
        [aWorkload(), aWorkload({ kind: 'Deployment', name: 'old' })],
        [service('redis')],
      ),
      after: aRelease(
        [
          aWorkload({
            ports: [{ ...REDIS_PORT, name: 'tcp-redis' }],
            hostNetwork: true,
            labels: { app: 'redis', 'helm.sh/chart': 'redis-19' },
          }),
          aWorkload({ kind: 'Deployment', name: 'new' }),
        ],
        [service('cache')],
      ),
      world: { members: [aMemberOf()] },
    });
    expect(
      changes.map(({ kind, workload }) => `${kind} ${workload.name}`),
    ).toEqual([
      'WorkloadAdded new',
      'PortRenamed redis',
      'HostNetworkChanged redis',
      'WorkloadRemoved old',
      'ServiceSelectorChanged redis',
    ]);
  });

  it("looks at other packages' pods only so as not to catch them", () => {
    const labels = { app: 'cache' };
    const { findings } = compareCharts({
      before: aRelease([aWorkload()]),
      after: aRelease([aWorkload({ labels })]),
      world: {
        members: [aMemberOf()],
        pods: [
          aPod(),
          aPod({
            name: 'other-0',
            labels,
            package: undefined,
            owner: { kind: 'Deployment', name: 'other' },
          }),
        ],
      },
    });
    expect(findings.map(({ kind }) => kind)).toEqual([
      'NothingSelected',
      'UncoveredWorkload',
    ]);
    expect(findings.some(({ patch }) => patch)).toBe(false);
  });
});
