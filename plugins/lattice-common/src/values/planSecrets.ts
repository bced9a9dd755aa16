import { FieldProblem, KubernetesObject } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import {
  DEFAULT_REFRESH_INTERVAL,
  externalSecretObject,
  resourcePath,
  SecretEntry,
} from './externalSecret';
import {
  scanReferences,
  SecretDirective,
  ValueReference,
} from './scanReferences';
import { secretName } from './secretName';

/** What stands in for a secret resource that names no provider or id; from the configuration. */
export interface SecretDefaults {
  /** A ClusterSecretStore; absent = a resource without provider is a problem. */
  readonly defaultStore?: string;
  /** Template of the remote key: `{namespace}`, `{resource}` and `{package}` are replaced. */
  readonly defaultKey: string;
}

/** Remote key of a resource that names none, unless the configuration says otherwise. */
export const DEFAULT_SECRET_KEY = '{namespace}/{resource}';

/** What a package reads, as Cedar is asked about it. */
export interface SecretAccess {
  readonly resource: string;
  readonly provider: string;
  readonly remoteKey: string;
}

/** An ExternalSecret that the package needs, and what it stands for. */
export interface PlannedExternalSecret extends SecretAccess {
  readonly name: string;
  /** `value`: its content goes into the values. `directive`: only its name does. */
  readonly mode: 'value' | 'directive';
  /** Place of the directive, `spec.values...`. */
  readonly path?: string;
  /** Keys that the Secret must hold; absent = whatever the remote key holds. */
  readonly keys?: readonly string[];
  /** Everything that it reads; a directive may read several resources. */
  readonly accesses: readonly SecretAccess[];
  readonly object: KubernetesObject;
}

/** Everything about secrets that must exist before a package's values can be rendered. */
export interface SecretPlan {
  readonly externalSecrets: readonly PlannedExternalSecret[];
  /** Resources that are read, each once: what Cedar's AccessSecret is asked about. */
  readonly accesses: readonly SecretAccess[];
  /** Places where a secret's value goes; when there is one, Helm stores values in its release Secret. */
  readonly valueReferences: readonly ValueReference[];
  /** Path of a `$secret` directive -> name of its Secret. */
  readonly directiveNames: Readonly<Record<string, string>>;
}

/** Outcome of {@link planSecrets}. */
export type SecretPlanResult =
  | { readonly ok: true; readonly plan: SecretPlan }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

function resolveAccess(
  pkg: LatticePackage,
  resource: string,
  defaults: SecretDefaults,
): SecretAccess | FieldProblem {
  const declared = pkg.spec.resources[resource];
  const provider = declared.provider ?? defaults.defaultStore;
  if (provider === undefined || provider === '') {
    return {
      path: resourcePath(resource, 'params', 'provider'),
      message:
        'names no provider and no default is configured: set params.provider to a ClusterSecretStore, or ask the platform team to set lattice.secrets.defaultStore',
    };
  }
  const remoteKey =
    declared.id ??
    defaults.defaultKey
      .replaceAll('{namespace}', () => pkg.metadata.namespace)
      .replaceAll('{package}', () => pkg.metadata.name)
      .replaceAll('{resource}', () => resource);
  return { resource, provider, remoteKey };
}

function planValueSecret(
  pkg: LatticePackage,
  access: SecretAccess,
  referenced: readonly string[],
): PlannedExternalSecret {
  const declared = pkg.spec.resources[access.resource];
  const name = secretName(pkg.metadata, access.resource);
  const object = externalSecretObject(pkg, {
    name,
    namespace: pkg.metadata.namespace,
    store: access.provider,
    refreshInterval: declared.refreshInterval ?? DEFAULT_REFRESH_INTERVAL,
    secretType: declared.secretType,
    ...(declared.keys
      ? {
          entries: declared.keys.map(key => ({
            secretKey: key,
            store: access.provider,
            remoteKey: access.remoteKey,
            property: key,
          })),
        }
      : { extract: access.remoteKey }),
  });
  return {
    ...access,
    name,
    mode: 'value',
    keys: declared.keys ?? referenced,
    accesses: [access],
    object,
  };
}

function planDirective(
  pkg: LatticePackage,
  { path, entries }: SecretDirective,
  accessOf: (resource: string) => SecretAccess,
): PlannedExternalSecret {
  const resources = [...new Set(entries.map(([, one]) => one.resource))];
  const first = accessOf(resources[0]);
  const name = secretName(pkg.metadata, path);
  const fetched: SecretEntry[] = entries.map(([secretKey, reference]) => {
    const { provider, remoteKey } = accessOf(reference.resource);
    return { secretKey, store: provider, remoteKey, property: reference.key };
  });
  const object = externalSecretObject(pkg, {
    name,
    namespace: pkg.spec.targetNamespace,
    store: first.provider,
    refreshInterval:
      pkg.spec.resources[first.resource].refreshInterval ??
      DEFAULT_REFRESH_INTERVAL,
    entries: fetched,
  });
  return {
    ...first,
    name,
    mode: 'directive',
    path,
    keys: entries.map(([key]) => key),
    accesses: resources.map(accessOf),
    object,
  };
}

function resolveAll(
  pkg: LatticePackage,
  resources: readonly string[],
  defaults: SecretDefaults,
): { accesses: Map<string, SecretAccess>; problems: FieldProblem[] } {
  const accesses = new Map<string, SecretAccess>();
  const problems: FieldProblem[] = [];
  for (const resource of resources) {
    const resolved = resolveAccess(pkg, resource, defaults);
    if ('message' in resolved) {
      problems.push(resolved);
    } else {
      accesses.set(resource, resolved);
    }
  }
  return { accesses, problems };
}

/**
 * Works out which ExternalSecrets the references in a package's values need. Pure: reads and writes nothing.
 * Only resources that are referenced count. A package without references has an empty plan.
 */
export function planSecrets(
  pkg: LatticePackage,
  defaults: SecretDefaults,
): SecretPlanResult {
  const scan = scanReferences(pkg.spec.values, pkg.spec.resources);
  if (scan.problems.length > 0) {
    return { ok: false, problems: scan.problems };
  }
  const valueResources = [
    ...new Set(scan.valueReferences.map(one => one.resource)),
  ].sort();
  const referenced = scan.directives.flatMap(one =>
    one.entries.map(([, reference]) => reference.resource),
  );
  const { accesses, problems } = resolveAll(
    pkg,
    [...new Set([...valueResources, ...referenced])].sort(),
    defaults,
  );
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const accessOf = (resource: string) => accesses.get(resource)!;
  const keysOf = (resource: string) => [
    ...new Set(
      scan.valueReferences
        .filter(one => one.resource === resource)
        .map(one => one.key),
    ),
  ];
  const directives = scan.directives.map(one =>
    planDirective(pkg, one, accessOf),
  );
  return {
    ok: true,
    plan: {
      externalSecrets: [
        ...valueResources.map(one =>
          planValueSecret(pkg, accessOf(one), keysOf(one)),
        ),
        ...directives,
      ],
      accesses: [...accesses.values()],
      valueReferences: scan.valueReferences,
      directiveNames: Object.fromEntries(
        directives.map(one => [one.path ?? '', one.name]),
      ),
    },
  };
}
