import { createHash } from 'node:crypto';
import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';

const MAX_LENGTH = 63;
const HASH_LENGTH = 8;

/** `<cluster>.<namespace>.<name>`; what is longer than an entity name may be is cut and told apart by a hash. */
export function entityName(key: FleetKey): string {
  const full = `${key.cluster}.${key.namespace}.${key.name}`;
  if (full.length <= MAX_LENGTH) {
    return full;
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([key.cluster, key.namespace, key.name]))
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const head = full
    .slice(0, MAX_LENGTH - HASH_LENGTH - 1)
    .replace(/[^a-zA-Z0-9]+$/, '');
  return `${head}-${hash}`;
}
