import {
  KubernetesObject,
  LatticeMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { effectiveMembers, isPodOf } from './agreement';
import { departed } from './departed';
import { podOf } from './placePods';
import { Random } from './Random';
import { randomWorld, withManifests } from './randomWorld';
import { podId, World } from './types';

type Spec = Record<string, unknown>;

/** What an edit may draw from: the member, whether its pods are its alone, and a member of another world. */
interface EditInput {
  readonly spec: Spec;
  readonly isAlone: boolean;
  readonly donor: Spec;
  readonly random: Random;
}

/** Ways in which one member's declaration changes. `undefined`: this member is no subject for it. */
const EDITS = {
  callers: ({ spec, donor, random }) => ({
    ...spec,
    allowedCallers: random.pick([[], donor.allowedCallers, ['*']]),
  }),
  dependencies: ({ spec, donor, random }) => ({
    ...spec,
    dependencies: random.pick([[], donor.dependencies]),
  }),
  ports: ({ spec, donor, isAlone }) =>
    isAlone ? { ...spec, ports: donor.ports } : undefined,
  account: ({ spec, random }) => ({
    ...spec,
    serviceAccount: random.pick(['moved', 'default', 'shared']),
  }),
  egress: ({ spec, donor }) => ({ ...spec, egress: donor.egress ?? [] }),
  peers: ({ spec }) => ({ ...spec, allowPeerTraffic: !spec.allowPeerTraffic }),
  mesh: ({ spec, isAlone }) =>
    isAlone ? { ...spec, ambient: spec.ambient === false } : undefined,
  selector: ({ spec, random }) => ({
    ...spec,
    target: { selector: random.pick([{ app: 'moved' }, { app: 'stranger' }]) },
  }),
} satisfies Record<string, (input: EditInput) => Spec | undefined>;

/** What can change between two moments. */
export type EditKind = keyof typeof EDITS | 'appears' | 'disappears' | 'all';

/** Each of them. */
export const EDIT_KINDS: readonly EditKind[] = [
  ...(Object.keys(EDITS) as (keyof typeof EDITS)[]),
  'appears',
  'disappears',
  'all',
];

/** A world before and after a change, with the same pods in both. */
export interface EditedWorlds {
  readonly before: World;
  readonly after: World;
}

/** Changes one declaration of a world, or all of them. */
export function editWorld(
  world: World,
  kind: EditKind,
  random: Random,
): EditedWorlds {
  const manifests = editManifests(world, kind, random);
  const edited = withManifests(world, manifests);
  const arriving = effectiveMembers(edited.declared)
    .map(member => podOf(member, `${member.metadata.name}-new`))
    .filter(({ namespace }) =>
      world.namespaces.some(({ name }) => name === namespace),
    );
  const pods = [
    ...new Map(
      [...world.pods, ...arriving].map(pod => [podId(pod), pod]),
    ).values(),
  ];
  return {
    before: { ...world, pods },
    after: { ...edited, pods, departed: departed(world, edited) },
  };
}

function editManifests(
  world: World,
  kind: EditKind,
  random: Random,
): readonly KubernetesObject[] {
  const other = randomWorld(world.seed + 100_000).manifests;
  const index = random.int(0, world.manifests.length - 1);
  const without = world.manifests.filter((_, at) => at !== index);
  if (kind === 'all')
    // Pods do not leave the mesh by a declaration, so nobody both leaves it and turns to other pods.
    return onlyIn(world, other).filter(
      one =>
        !world.manifests.some(
          known => isSameKey(known, one) && isInMesh(known) !== isInMesh(one),
        ),
    );
  if (kind === 'disappears') return without;
  if (kind === 'appears')
    return [
      ...world.manifests,
      ...onlyIn(world, other)
        .filter(one => !world.manifests.some(known => isSameKey(known, one)))
        .slice(0, 1),
    ];
  const donor = random.pick(other.filter(isMember));
  const subjects = random.shuffle(world.manifests.filter(isMember));
  for (const subject of subjects) {
    const spec = EDITS[kind]({
      spec: subject.spec as Spec,
      isAlone: hasPodsToItself(world, subject),
      donor: donor.spec as Spec,
      random,
    });
    if (spec)
      return world.manifests.map(one =>
        one === subject ? { ...subject, spec } : one,
      );
  }
  return world.manifests;
}

function isInMesh({ spec }: KubernetesObject): boolean {
  return (spec as Spec).ambient !== false;
}

function isMember({ kind }: KubernetesObject): boolean {
  return kind === 'LatticeMeshMember';
}

function onlyIn({ namespaces }: World, manifests: readonly KubernetesObject[]) {
  return manifests.filter(({ metadata }) =>
    namespaces.some(({ name }) => name === metadata.namespace),
  );
}

function isSameKey(
  { metadata: a }: { metadata: { namespace?: string; name: string } },
  { metadata: b }: { metadata: { namespace?: string; name: string } },
): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function hasPodsToItself(world: World, subject: KubernetesObject): boolean {
  const members: LatticeMember[] = effectiveMembers(world.declared);
  const own = members.find(member => isSameKey(member, subject));
  return (
    own !== undefined &&
    world.pods
      .filter(pod => isPodOf(own, pod))
      .every(pod => members.filter(one => isPodOf(one, pod)).length === 1)
  );
}
