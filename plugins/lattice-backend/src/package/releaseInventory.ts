import {
  KubernetesObject,
  PackageStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  groupOf,
  isClusterScoped,
  parseManifest,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { KINDS } from '../clusters/kinds';
import { ResourceKind } from '../clusters/types';

/** One object that a release holds. */
export interface InventoryObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Helm leaves it behind, by its own annotation. */
  readonly isKept: boolean;
}

type Entry = PackageStatus['inventory'][number];

const MAX_ENTRIES = 2_000;
const KEEP_ANNOTATION = 'helm.sh/resource-policy';
const HOOK_ANNOTATION = 'helm.sh/hook';

/** The objects in the manifest of a release record. */
export function inventoryOf(
  manifest: string,
  namespace: string,
): InventoryObject[] {
  return parseManifest(manifest)
    .filter(it => it.metadata.annotations?.[HOOK_ANNOTATION] === undefined)
    .map(it => describe(it, namespace));
}

function describe(
  object: KubernetesObject,
  namespace: string,
): InventoryObject {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    ...(isClusterScoped(object)
      ? {}
      : { namespace: object.metadata.namespace ?? namespace }),
    isKept: object.metadata.annotations?.[KEEP_ANNOTATION] === 'keep',
  };
}

/** Entries of `status.inventory`: `<namespace>_<name>_<group>_<kind>` and the version. */
export function inventoryEntries(objects: readonly InventoryObject[]): Entry[] {
  return objects
    .map(it => ({
      id: [it.namespace ?? '', it.name, groupOf(it.apiVersion), it.kind].join(
        '_',
      ),
      version: it.apiVersion.split('/').pop() ?? '',
    }))
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .slice(0, MAX_ENTRIES);
}

/** Reads an entry back; a name may hold underscores, the other parts cannot. */
export function readInventoryEntry({
  id,
  version,
}: Entry): InventoryObject | undefined {
  const parts = id.split('_');
  if (parts.length < 4) {
    return undefined;
  }
  const [namespace] = parts;
  const kind = parts[parts.length - 1];
  const group = parts[parts.length - 2];
  return {
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    name: parts.slice(1, -2).join('_'),
    ...(namespace ? { namespace } : {}),
    isKept: false,
  };
}

/** How an object is asked for. The plural of a kind that we do not know is formed as Kubernetes' own kinds form it. */
export function resourceKindOf(object: InventoryObject): ResourceKind {
  const known = Object.values(KINDS).find(
    it => it.apiVersion === object.apiVersion && it.kind === object.kind,
  );
  return (
    known ?? {
      apiVersion: object.apiVersion,
      kind: object.kind,
      plural: pluralOf(object.kind),
      namespaced: object.namespace !== undefined,
    }
  );
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') {
    return lower;
  }
  if (/(?:s|x|z|ch|sh)$/.test(lower)) {
    return `${lower}es`;
  }
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** For people: `Service data/redis`. */
export function describeInventoryObject(object: InventoryObject): string {
  const place = object.namespace ? `${object.namespace}/` : '';
  return `${object.kind} ${place}${object.name}`;
}
