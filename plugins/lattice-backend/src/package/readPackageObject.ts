import {
  KubernetesObject,
  LatticePackage,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { invalidSpec } from './admissionGate';
import { Gate } from './PackageWorld';

/** A package as far as it can be read; `problem` is set when its spec cannot. */
export interface ReadPackage {
  readonly pkg: LatticePackage;
  readonly problem?: Gate;
}

/** Fields that decide how a package is removed; they are kept when the rest of the spec cannot be read. */
const REMOVAL_FIELDS = [
  'targetNamespace',
  'serviceAccountName',
  'deletionPolicy',
];

/**
 * Reads a package object. One whose spec cannot be read still gets its status, and can still be removed: what removal
 * needs is read from the fields that are sound. `undefined` when not even that is possible.
 */
export function readPackageObject(
  object: KubernetesObject,
): ReadPackage | undefined {
  const parsed = parsePackage(object);
  if (parsed.ok) {
    return { pkg: parsed.value };
  }
  const written = (object.spec ?? {}) as Record<string, unknown>;
  const kept = REMOVAL_FIELDS.filter(it => typeof written[it] === 'string');
  const spec = {
    ...Object.fromEntries(kept.map(it => [it, written[it]])),
    chart: {
      repository: 'oci://unreadable',
      name: 'unreadable',
      version: '0.0.0',
    },
  };
  const fallback = parsePackage({ ...object, spec });
  return fallback.ok
    ? { pkg: fallback.value, problem: invalidSpec(parsed.problems) }
    : undefined;
}
