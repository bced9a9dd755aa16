import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AgreementGraph,
  compilePolicies,
  DEFAULT_PROFILE,
  KubernetesObject,
  parseMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { CacheMemberStore } from './CacheMemberStore';
import { FleetReader } from './FleetReader';
import { aCluster, someClusters } from './testing/aCluster';
import { aMember } from './testing/objects';

const OWN = { property: 'namespace', values: ['data'] } as const;

/** The policies of redis as somebody sees them who may read the namespace data alone. */
async function shownPolicies(redis: KubernetesObject, peer: KubernetesObject) {
  const graph = new AgreementGraph();
  for (const object of [redis, peer]) {
    const parsed = parseMember(object);
    if (!parsed.ok) throw new Error('the example does not parse');
    graph.set(parsed.value);
  }
  const policies = compilePolicies(
    graph,
    { namespace: 'data', name: 'redis' },
    DEFAULT_PROFILE,
  );
  const appliedResources = policies.map(({ kind, metadata: { name } }) => ({
    kind,
    name,
  }));
  const objects = [
    { ...redis, status: { appliedResources } },
    peer,
    ...policies,
  ];
  const store = new CacheMemberStore({
    reader: new FleetReader({
      clusters: someClusters([aCluster({ objects })]),
      owners: [],
    }),
  });
  const { item } = await store.get(
    { cluster: 'lab', namespace: 'data', name: 'redis' },
    { credentials: mockCredentials.user(), filter: OWN },
  );
  return item.policies.map(({ yaml }) => yaml).join('---\n');
}

describe('the policies of a member whose peers may not be read', () => {
  const spy = aMember({
    name: 'spy',
    namespace: 'ministry',
    spec: {
      allowedCallers: [],
      dependencies: [{ name: 'redis', namespace: 'data' }],
    },
  });

  it('do not tell of somebody who has declared it one-sidedly', async () => {
    const text = await shownPolicies(aMember(), spy);
    expect(text).toContain('CiliumNetworkPolicy');
    expect(text).not.toContain('ministry');
    expect(text).not.toContain('shortened');
  });

  it('name nobody whom a wildcard lets in', async () => {
    const open = aMember({ spec: { allowedCallers: [{ name: '*' }] } });
    const text = await shownPolicies(open, spy);
    expect(text).not.toContain('ministry');
    expect(text).toContain('/ns/(hidden)/sa/(hidden)');
    expect(text).toContain('shortened');
  });

  it('keep the namespace that the declaration itself names', async () => {
    const named = aMember({
      spec: { allowedCallers: [{ name: 'spy', namespace: 'ministry' }] },
    });
    const text = await shownPolicies(named, spy);
    expect(text).toContain('/ns/ministry/sa/(hidden)');
  });
});
