import { effectiveMembers, isPodOf } from './agreement';
import { randomWorld } from './randomWorld';
import { World } from './types';

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

type Trait = (world: World) => boolean;

const members = (world: World) => effectiveMembers(world.declared);
const ownersOf = (world: World) =>
  world.pods.map(pod => members(world).filter(one => isPodOf(one, pod)));
const specs = (world: World) => members(world).map(({ spec }) => spec);
const references = (world: World) =>
  specs(world).flatMap(spec => [...spec.allowedCallers, ...spec.dependencies]);
const modes = (world: World) =>
  specs(world).flatMap(({ ports }) => ports.map(({ peerAuth }) => peerAuth));

const ALWAYS: [string, Trait][] = [
  [
    'three namespaces or more with members',
    world =>
      new Set(members(world).map(({ metadata }) => metadata.namespace)).size >
      2,
  ],
  [
    'pods that no member selects',
    world => ownersOf(world).filter(owners => owners.length === 0).length > 3,
  ],
  [
    'the labels of a member in another namespace',
    world =>
      world.pods.some(pod =>
        members(world).some(
          one =>
            one.metadata.namespace !== pod.namespace &&
            isPodOf(one, { ...pod, namespace: one.metadata.namespace }),
        ),
      ),
  ],
  [
    'a pod of two members',
    world => ownersOf(world).some(owners => owners.length > 1),
  ],
  [
    'an account of two members',
    world =>
      members(world).some(one =>
        members(world).some(
          other =>
            one !== other &&
            one.metadata.namespace === other.metadata.namespace &&
            one.spec.serviceAccount === other.spec.serviceAccount,
        ),
      ),
  ],
  [
    'a member for a whole namespace',
    world => specs(world).some(({ target }) => 'namespace' in target),
  ],
  [
    'members in and outside the mesh',
    world =>
      specs(world).some(({ ambient }) => ambient) &&
      specs(world).some(({ ambient }) => !ambient),
  ],
  [
    'a member that nobody has declared',
    world => references(world).some(({ name }) => name === 'ghost'),
  ],
  [
    'traffic among peers',
    world => specs(world).some(({ allowPeerTraffic }) => allowPeerTraffic),
  ],
  [
    'one that names itself',
    world =>
      members(world).some(({ metadata, spec }) =>
        spec.dependencies.some(
          one =>
            one.name === metadata.name && one.namespace === metadata.namespace,
        ),
      ),
  ],
  [
    'a wildcard without bounds',
    world => references(world).some(one => one.name === '*' && !one.namespace),
  ],
  [
    'a wildcard within a namespace',
    world => references(world).some(one => one.name === '*' && !!one.namespace),
  ],
  [
    'one that depends on all',
    world => specs(world).some(({ dependsAll }) => dependsAll),
  ],
  [
    'a UDP port',
    world =>
      specs(world).some(({ ports }) =>
        ports.some(({ protocol }) => protocol === 'UDP'),
      ),
  ],
  ['a Permissive port', world => modes(world).includes('Permissive')],
  ['a Webhook port', world => modes(world).includes('Webhook')],
];

const SOMETIMES: [string, Trait][] = [
  [
    'a LatticeService',
    world => members(world).some(({ kind }) => kind === 'LatticeService'),
  ],
  [
    'a service beside a member of its name',
    world => world.declared.length > members(world).length,
  ],
  [
    'egress to an entity',
    world =>
      specs(world).some(({ egress }) =>
        egress.some(({ target }) => 'entity' in target),
      ),
  ],
  [
    'egress to addresses',
    world =>
      specs(world).some(({ egress }) =>
        egress.some(({ target }) => 'cidr' in target),
      ),
  ],
  [
    'egress to names',
    world =>
      specs(world).some(({ egress }) =>
        egress.some(({ target }) => 'fqdn' in target),
      ),
  ],
  [
    'a member without ports',
    world => specs(world).some(({ ports }) => ports.length === 0),
  ],
];

describe('a random world', () => {
  const worlds = SEEDS.map(seed => randomWorld(seed));

  it.each(ALWAYS)('always has %s', (_, trait) => {
    expect(
      worlds.filter(world => !trait(world)).map(({ seed }) => seed),
    ).toEqual([]);
  });

  it.each(SOMETIMES)('sometimes has %s', (_, trait) => {
    expect(worlds.filter(trait).length).toBeGreaterThan(20);
  });

  it('is the same one for the same seed', () => {
    expect(randomWorld(7, { withForeign: true })).toEqual(
      randomWorld(7, { withForeign: true }),
    );
    expect(JSON.stringify(randomWorld(8))).not.toBe(
      JSON.stringify(randomWorld(7)),
    );
  });
});
