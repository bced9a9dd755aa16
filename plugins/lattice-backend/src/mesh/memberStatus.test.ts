import {
  ObjectKey,
  parseMember,
  PolicyGap,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { MAX_STATUS_EDGES, memberStatus } from './memberStatus';
import { atWork, CHAPTER_REDIS } from './__testUtils__/atWork';
import { aMemberManifest } from './__testUtils__/manifests';

const OPEN_REDIS = aMemberManifest('data/redis', {
  ...CHAPTER_REDIS,
  allowedCallers: [{ name: '*' }, { name: 'zebra', namespace: 'zoo' }],
});

function statusOf(
  callers: readonly ObjectKey[],
  gaps: readonly PolicyGap[] = [],
) {
  const parsed = parseMember(OPEN_REDIS);
  if (!parsed.ok) throw new Error('the example does not parse');
  return memberStatus({
    object: OPEN_REDIS,
    outcome: { kind: 'applied', live: [] },
    declaration: parsed.value,
    edges: callers.map(caller => ({
      caller,
      callee: { namespace: 'data', name: 'redis' },
      state: 'agreed',
    })),
    gaps,
    conflicts: [],
    surroundings: {
      pods: [],
      namespace: undefined,
      foreign: [],
      isMeshServed: true,
    },
    stateOf: () => 'enforced',
    now: new Date('2026-01-01T00:00:00Z'),
  });
}

describe('the status of a member', () => {
  it('lists a bounded number of edges, those that are named before those of a wildcard', () => {
    const callers = [
      ...Array.from({ length: MAX_STATUS_EDGES }, (_, index) => ({
        namespace: 'commerce',
        name: `caller-${index}`,
      })),
      { namespace: 'zoo', name: 'zebra' },
    ];
    const status = statusOf(callers);
    expect(status.edges).toHaveLength(MAX_STATUS_EDGES);
    expect(status.edges.at(-1)!.peer.name).toBe('zebra');
    expect(status.edgesTotal).toBe(MAX_STATUS_EDGES + 1);
    expect(statusOf(callers.slice(-1))).not.toHaveProperty('edgesTotal');
  });

  it('is never Ready when Cilium would select no pod by the labels, and says that nothing is enforced', async () => {
    const world = atWork();
    world.cluster.put(
      aMemberManifest('data/redis', {
        ...CHAPTER_REDIS,
        target: { selector: { app: 'redis', 'pod-template-hash': 'abc' } },
      }),
    );
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'InvalidSpec',
      message: expect.stringMatching(/nothing is enforced.*pod-template-hash/),
    });
    expect(world.status('data/redis').phase).toBe('Failed');
  });

  it('is not Ready while Cilium does not see a label of the selector', () => {
    const message = 'select by another label';
    const { phase, conditions } = statusOf(
      [],
      [{ reason: 'SelectorIgnored', message }],
    );
    expect(phase).toBe('Failed');
    for (const type of ['CiliumValid', 'Ready'])
      expect(conditions.find(one => one.type === type)).toMatchObject({
        status: 'False',
        message,
      });
  });
});
