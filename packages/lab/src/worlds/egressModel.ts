import { EgressRule } from '@lattice-portal/backstage-plugin-lattice-common';
import { External } from './types';

/** Entities that a declaration may let its pods out to. Wider ones mean every pod of the cluster, and do not count. */
const ENTITIES = ['world', 'kube-apiserver', 'remote-node'];

/** Whether a place outside is what an egress rule means. */
export function isCoveredBy(
  target: EgressRule['target'],
  to: string,
  external: External | undefined,
): boolean {
  if ('entity' in target) {
    if (!ENTITIES.includes(target.entity)) return false;
    if (target.entity === to) return true;
    // The API server runs on nodes.
    if (target.entity === 'remote-node') return to === 'kube-apiserver';
    return target.entity === 'world' && external !== undefined;
  }
  if (!external) return false;
  return 'cidr' in target
    ? isWithin(external.cidr, target.cidr)
    : isNamed(external.fqdn ?? '', target.fqdn);
}

function isWithin(inner: string, outer: string): boolean {
  const length = Number(outer.split('/')[1]);
  const head = (cidr: string) => bitsOf(cidr).slice(0, length);
  return Number(inner.split('/')[1]) >= length && head(inner) === head(outer);
}

function bitsOf(cidr: string): string {
  return cidr
    .split('/')[0]
    .split('.')
    .map(byte => Number(byte).toString(2).padStart(8, '0'))
    .join('');
}

function isNamed(name: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return name === pattern;
  return (
    name.endsWith(pattern.slice(1)) &&
    !name.slice(0, -pattern.length + 1).includes('.')
  );
}
