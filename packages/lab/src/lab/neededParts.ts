import type { PartName } from '../parts/types.ts';
import type { LabPart } from './types.ts';

const NEEDED: Record<LabPart, PartName[]> = {
  cluster: ['sources', 'etcd', 'kubernetes', 'kwok'],
  registry: ['sources', 'helm4', 'registry'],
  'external-secrets': ['sources', 'etcd', 'kubernetes', 'kwok'],
  forge: ['gitea'],
  delivery: ['sources', 'etcd', 'kubernetes', 'kwok', 'gitea'],
  helm3: ['helm3'],
};

/** What has to be built or fetched before parts of the lab can start. */
export function neededParts(
  parts: LabPart[],
  env: NodeJS.ProcessEnv,
): Set<PartName> {
  const needed = new Set(parts.flatMap(part => NEEDED[part]));
  if (parts.includes('external-secrets') && env.LATTICE_LAB_ESO === 'real') {
    needed.add('external-secrets');
  }
  return needed;
}
