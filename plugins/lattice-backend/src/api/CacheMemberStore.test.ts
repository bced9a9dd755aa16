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
import { FleetRequest } from './FleetStore';
import { aCluster, someClusters } from './testing/aCluster';
import { aMember } from './testing/objects';

const OWN = { property: 'namespace', values: ['data'] } as const;

/** The policies of redis as somebody sees them who may read the namespace data alone. */
async function shownPolicies(
  redis: KubernetesObject,
  peer: KubernetesObject,
  /** What is declared by now, where the policies are older than that. */
  present: readonly KubernetesObject[] = [redis, peer],
  filter: FleetRequest['filter'] = OWN,
) {
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
    ...present.map(object =>
      object.metadata.name === 'redis'
        ? { ...object, status: { appliedResources } }
        : object,
    ),
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
    { credentials: mockCredentials.user(), filter },
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

  const open = aMember({ spec: { allowedCallers: [{ name: '*' }] } });

  it('tell nothing of somebody who has withdrawn, though the policies are still the old ones', async () => {
    const withdrawn = aMember({ name: 'spy', namespace: 'ministry' });
    for (const present of [[open, withdrawn], [open]]) {
      const text = await shownPolicies(open, spy, present);
      expect(text).toContain('(hidden)');
      expect(text).not.toContain('ministry');
      expect(text).not.toContain('spy');
    }
  });

  it('tell nothing of a namesake in the own namespace who has withdrawn', async () => {
    const near = aMember({
      name: 'near-spy',
      namespace: 'data',
      spec: {
        target: { selector: { app: 'near-spy' } },
        dependencies: [{ name: 'redis', namespace: 'data' }],
      },
    });
    const labelled = {
      ...open,
      metadata: { ...open.metadata, labels: { mine: 'yes' } },
    };
    const text = await shownPolicies(labelled, near, [labelled], {
      property: 'label',
      label: 'mine',
      values: ['yes'],
    });
    expect(text).toContain('(hidden)');
    expect(text).not.toContain('near-spy');
  });
});
