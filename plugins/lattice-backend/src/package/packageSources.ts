import {
  formatKey,
  KubernetesObject,
  LABEL_OWNER_UID,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ObjectIndex } from '../clusters/ObjectIndex';
import { ObjectChange } from '../clusters/ObjectStore';
import { ClusterConnection } from '../clusters/types';
import { ControllerSource } from '../controllers/createController';
import { hasIntentChanged } from '../controllers/hasIntentChanged';
import { WORKLOAD_KINDS } from './observeHealth';

/** Packages by what other objects know of them. */
class PackageIndexes {
  readonly #byDependency: ObjectIndex;
  readonly #byNamespace: ObjectIndex;
  readonly #byRelease: ObjectIndex;
  readonly #byUid: ObjectIndex;

  constructor(cache: ConstructorParameters<typeof ObjectIndex>[0]) {
    this.#byDependency = new ObjectIndex(cache, dependencyKeys);
    this.#byNamespace = new ObjectIndex(cache, namespacesOf);
    this.#byRelease = new ObjectIndex(cache, it => [releaseOf(it)]);
    this.#byUid = new ObjectIndex(cache, it => [it.metadata.uid ?? '']);
  }

  /** Those that depend on a package. */
  dependingOn(dependency: ObjectKey): string[] {
    return keysOf(this.#byDependency.list(formatKey(dependency)));
  }

  /** Those that live in a namespace or release into it. */
  around(namespace: string): string[] {
    return keysOf(this.#byNamespace.list(namespace));
  }

  /** Those that release into a namespace. */
  releasingInto(namespace: string): string[] {
    return keysOf(
      this.#byNamespace
        .list(namespace)
        .filter(it => targetOf(it) === namespace),
    );
  }

  ofRelease(release: ObjectKey): string[] {
    return keysOf(this.#byRelease.list(formatKey(release)));
  }

  ofUid(uid: string): string[] {
    return keysOf(this.#byUid.list(uid));
  }
}

/** What the package controller watches, and which packages each change concerns. */
export function packageSources(
  connection: ClusterConnection,
): ControllerSource[] {
  const cache = connection.cache(KINDS.LatticePackage);
  const packages = new PackageIndexes(cache);
  return [
    {
      cache,
      required: true,
      keysOf: change => packageKeys(change, packages),
    },
    {
      cache: connection.cache(KINDS.Namespace),
      required: true,
      keysOf: change => namespaceKeys(change, packages),
    },
    {
      cache: connection.cache(KINDS.ExternalSecret),
      keysOf: change => ownerKeys(change, packages),
    },
    {
      cache: connection.cache(KINDS.LatticeMeshMember),
      keysOf: change => memberKeys(change, packages),
    },
    ...WORKLOAD_KINDS.map(kind => ({
      cache: connection.cache(kind),
      keysOf: (change: ObjectChange) => workloadKeys(change, packages),
    })),
  ];
}

/** The package itself, and those that wait for it or hold it. */
function packageKeys(change: ObjectChange, packages: PackageIndexes): string[] {
  const object = change.after ?? change.before;
  if (!object) {
    return [];
  }
  return [
    ...(hasIntentChanged(change) ? [formatKey(keyOf(object))] : []),
    ...packages.dependingOn(keyOf(object)),
    // A package that goes may free those that it depends on.
    ...(change.after ? [] : dependencyKeys(object)),
  ];
}

function namespaceKeys(
  change: ObjectChange,
  packages: PackageIndexes,
): string[] {
  const name = (change.after ?? change.before)?.metadata.name;
  return name !== undefined && hasIntentChanged(change)
    ? packages.around(name)
    : [];
}

function ownerKeys(change: ObjectChange, packages: PackageIndexes): string[] {
  const labels = (change.after ?? change.before)?.metadata.labels;
  const uid = labels?.[LABEL_OWNER_UID];
  return uid === undefined ? [] : packages.ofUid(uid);
}

function memberKeys(change: ObjectChange, packages: PackageIndexes): string[] {
  const namespace = (change.after ?? change.before)?.metadata.namespace;
  return namespace !== undefined && hasIntentChanged(change)
    ? packages.releasingInto(namespace)
    : [];
}

function workloadKeys(
  change: ObjectChange,
  packages: PackageIndexes,
): string[] {
  const annotations = (change.after ?? change.before)?.metadata.annotations;
  const name = annotations?.['meta.helm.sh/release-name'];
  const namespace = annotations?.['meta.helm.sh/release-namespace'];
  return name === undefined || namespace === undefined
    ? []
    : packages.ofRelease({ namespace, name });
}

function dependencyKeys(object: KubernetesObject): string[] {
  const spec = object.spec as
    | { dependsOn?: readonly { name?: string; namespace?: string }[] }
    | undefined;
  const list = Array.isArray(spec?.dependsOn) ? spec.dependsOn : [];
  return list.flatMap(it =>
    typeof it?.name === 'string'
      ? [
          formatKey({
            name: it.name,
            namespace: it.namespace ?? object.metadata.namespace ?? '',
          }),
        ]
      : [],
  );
}

function namespacesOf(object: KubernetesObject): string[] {
  return [
    ...new Set([object.metadata.namespace ?? '', targetOf(object) ?? '']),
  ];
}

function releaseOf(object: KubernetesObject): string {
  return formatKey({
    namespace: targetOf(object) ?? '',
    name: object.metadata.name,
  });
}

function targetOf(object: KubernetesObject): string | undefined {
  const spec = object.spec as { targetNamespace?: string } | undefined;
  return spec?.targetNamespace ?? object.metadata.namespace;
}

function keyOf({ metadata }: KubernetesObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

function keysOf(objects: readonly KubernetesObject[]): string[] {
  return objects.map(it => formatKey(keyOf(it)));
}
