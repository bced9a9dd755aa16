import {
  formatKey,
  KubernetesObject,
  LatticePackage,
  ObjectKey,
  PackageConditions,
  PackageReasons,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Gate } from './PackageWorld';

/** Looks a package up by key; `undefined` when there is none that can be read. */
export type PackageLookup = (key: ObjectKey) => LatticePackage | undefined;

/** Reads packages out of objects, each once. */
export function packageLookup(
  get: (key: ObjectKey) => KubernetesObject | undefined,
): PackageLookup {
  const known = new Map<string, LatticePackage | undefined>();
  return key => {
    const text = formatKey(key);
    if (!known.has(text)) {
      const object = get(key);
      const parsed = object && parsePackage(object);
      known.set(text, parsed?.ok ? parsed.value : undefined);
    }
    return known.get(text);
  };
}

/** Whether everything that a package depends on is there and ready at its current generation. Pure. */
export function dependenciesGate(
  pkg: LatticePackage,
  lookup: PackageLookup,
): Gate {
  const cycle = findCycle(pkg, lookup);
  if (cycle) {
    return {
      isOpen: false,
      isStalled: true,
      reason: PackageReasons.DependencyCycle,
      message: `These packages depend on each other: ${cycle.join(
        ' -> ',
      )}. Remove one of the entries in spec.dependsOn.`,
    };
  }
  for (const key of pkg.spec.dependsOn) {
    const dependency = lookup(key);
    // A package that may not be depended on reads like one that is not there: existence is nobody's business.
    if (!dependency || !mayDependOn(pkg, dependency)) {
      return closed(
        PackageReasons.DependencyNotFound,
        `Package ${formatKey(
          key,
        )} is not there, or does not list this one in spec.allowedDependents.`,
      );
    }
    if (!isReady(dependency)) {
      return closed(
        PackageReasons.DependencyNotReady,
        `Package ${formatKey(key)} is not ready yet.`,
      );
    }
  }
  return {
    isOpen: true,
    reason: PackageReasons.AllReady,
    message:
      pkg.spec.dependsOn.length === 0
        ? 'Depends on nothing.'
        : 'Everything it depends on is ready.',
  };
}

/** Packages that must go before this one: those of the same namespace, and those that it allows. Pure. */
export function dependentsOf(
  pkg: LatticePackage,
  others: readonly LatticePackage[],
  isTerminating: (namespace: string) => boolean,
): ObjectKey[] {
  return others
    .filter(
      other =>
        formatKey(other.metadata) !== formatKey(pkg.metadata) &&
        other.spec.dependsOn.some(
          it => formatKey(it) === formatKey(pkg.metadata),
        ) &&
        mayDependOn(other, pkg) &&
        !isTerminating(other.metadata.namespace),
    )
    .map(({ metadata: { namespace, name } }) => ({ namespace, name }));
}

function closed(reason: string, message: string): Gate {
  return { isOpen: false, isStalled: false, reason, message };
}

function mayDependOn(dependent: LatticePackage, dependency: LatticePackage) {
  const key = formatKey(dependent.metadata);
  return (
    dependent.metadata.namespace === dependency.metadata.namespace ||
    dependency.spec.allowedDependents.some(it => formatKey(it) === key)
  );
}

function isReady({ metadata, status }: LatticePackage): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status.observedGeneration === metadata.generation &&
    status.conditions.some(
      it => it.type === PackageConditions.Ready && it.status === 'True',
    )
  );
}

function findCycle(
  pkg: LatticePackage,
  lookup: PackageLookup,
): string[] | undefined {
  const start = formatKey(pkg.metadata);
  const seen = new Set<string>();
  const visit = (
    node: LatticePackage,
    path: string[],
  ): string[] | undefined => {
    for (const key of node.spec.dependsOn) {
      const text = formatKey(key);
      if (text === start) {
        return [...path, text];
      }
      const next = seen.has(text) ? undefined : lookup(key);
      seen.add(text);
      const found = next && visit(next, [...path, text]);
      if (found) {
        return found;
      }
    }
    return undefined;
  };
  return visit(pkg, [start]);
}
