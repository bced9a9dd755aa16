import {
  ClusterProfile,
  DEFAULT_PROFILE,
  KubernetesObject,
  LatticeMember,
  parseMember,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod, JudgedWorld } from '../judges';
import { draftMembers } from './draftMembers';
import { draftForeignPolicies } from './foreignPolicies';
import { placePods } from './placePods';
import { Random } from './Random';
import { External, RandomWorldOptions, World } from './types';
import { writeManifest } from './writeManifest';

const PROFILE: ClusterProfile = {
  ...DEFAULT_PROFILE,
  trustDomain: 'td.example',
};

const EXTERNALS: readonly External[] = [
  { name: 'partner', cidr: '203.0.113.7/32' },
  { name: 'api', cidr: '198.51.100.9/32', fqdn: 'api.example.com' },
];

/** Makes a world of a seed: always the same one, with every kind of trouble in it. */
export function randomWorld(
  seed: number,
  options: RandomWorldOptions = {},
): World {
  const random = new Random(seed);
  const drafts = draftMembers(random);
  const manifests = drafts.map(draft => writeManifest(draft, random));
  const declared = manifests.map(readManifest);
  const pods = placePods(declared, random);
  return {
    seed,
    profile: PROFILE,
    manifests,
    declared,
    pods,
    namespaces: namespacesOf(pods),
    externals: EXTERNALS,
    foreign: options.withForeign
      ? draftForeignPolicies({ declared, pods, profile: PROFILE, random })
      : [],
  };
}

/** Reads a manifest with the product's own parsers. */
export function readManifest(manifest: KubernetesObject): LatticeMember {
  const parse = manifest.kind === 'LatticeService' ? parseService : parseMember;
  const result = parse(manifest);
  if (!result.ok)
    throw new Error(
      `${manifest.kind} ${manifest.metadata.name}: ${JSON.stringify(
        result.problems,
      )}`,
    );
  return result.value;
}

/** The same world with other declarations. The pods stay as they are. */
export function withManifests(
  world: World,
  manifests: readonly KubernetesObject[],
): World {
  return { ...world, manifests, declared: manifests.map(readManifest) };
}

function namespacesOf(pods: readonly JudgedPod[]): JudgedWorld['namespaces'] {
  const names = [...new Set(pods.map(({ namespace }) => namespace))].sort();
  return names.map(name => ({
    name,
    labels: { 'kubernetes.io/metadata.name': name },
  }));
}
