import { MemberSpec } from '../api/memberModel';
import { KubernetesObject } from '../api/object';
import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { DEFAULT_PROFILE } from './ClusterProfile';
import { compilePolicies } from './compilePolicies';
import { keepOpen } from './keepOpen';
import { lintPolicy } from './lintPolicy';
import { planPolicyWrites } from './planPolicyWrites';
import { ANNOTATION_POLICY_EDGES } from './policyIdentity';
import { graphOf } from './__testUtils__/worlds';

const CALLER = 'shop/web';
const EDGE = 'shop/web -> data/redis';

const caller = aMember(CALLER, {
  dependencies: [
    { namespace: 'data', name: 'redis' },
    { namespace: 'data', name: 'ledger' },
  ],
});
const allowing: Partial<MemberSpec> = {
  ports: [aPort(6379)],
  allowedCallers: [{ namespace: 'shop', name: 'web' }],
};

function callerPolicies(
  redis: Partial<MemberSpec>,
  isHeld = false,
): KubernetesObject[] {
  const graph = graphOf([
    caller,
    aMember('data/redis', { ...allowing, ...redis }),
    aMember('data/ledger', allowing),
  ]);
  return compilePolicies(graph, aKey(CALLER), DEFAULT_PROFILE, {
    holdBack: ({ name }) => isHeld && name === 'redis',
  });
}

/** What the caller may have while redis turns from some pods to others and does not guard them yet. */
function whileWaiting(
  before: Partial<MemberSpec>,
  after: Partial<MemberSpec>,
): { policies: KubernetesObject[]; egress: string; edges: unknown } {
  const policies = keepOpen({
    wanted: callerPolicies(after),
    openable: callerPolicies(after, true),
    live: callerPolicies(before),
  });
  expect(policies.flatMap(lintPolicy)).toEqual([]);
  const [{ metadata, spec }] = policies;
  return {
    policies,
    egress: JSON.stringify((spec as Record<string, unknown>).egress),
    edges: JSON.parse(metadata.annotations?.[ANNOTATION_POLICY_EDGES] ?? ''),
  };
}

const OLD = { target: { selector: { app: 'redis' } } };
const NEW = { target: { selector: { name: 'redis' } } };

describe('a caller whose callee turns to other pods', () => {
  it('keeps the pods of the old and the new labels, and reaches no new one', () => {
    const { egress, edges } = whileWaiting(OLD, NEW);
    expect(egress).toContain('"k8s:app":"redis"');
    expect(egress).toContain('"k8s:name":"redis"');
    expect(egress.match(/redis/g)).toHaveLength(2);
    expect(edges).toContain(EDGE);
  });

  it('is let out to none when no pod can have both', () => {
    const other = { target: { selector: { app: 'cache' } } };
    expect(whileWaiting(OLD, other).egress).not.toContain('redis');
  });

  it('goes on as before with the callees that stand', () => {
    expect(whileWaiting(OLD, NEW).egress).toContain('"k8s:app":"ledger"');
  });

  it('is not let out to a callee for the first time', () => {
    const { egress, edges } = whileWaiting({ allowedCallers: [] }, NEW);
    expect(egress).not.toContain('redis');
    expect(edges).not.toContain(EDGE);
  });

  it('comes to rest while it waits', () => {
    const { policies } = whileWaiting(OLD, NEW);
    const again = keepOpen({
      wanted: callerPolicies(NEW),
      openable: callerPolicies(NEW, true),
      live: policies,
    });
    expect(planPolicyWrites({ wanted: again, live: policies })).toEqual([]);
  });
});
