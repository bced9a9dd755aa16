import { FieldProblem } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import {
  DEFAULT_REFRESH_INTERVAL,
  externalSecretObject,
  resourcePath,
} from './externalSecret';
import { directiveProblem, planDirective, resourcesOf } from './planDirective';
import { ReferenceScan, scanReferences } from './scanReferences';
import { secretName } from './secretName';
import {
  PlannedExternalSecret,
  SecretAccess,
  SecretDefaults,
  SecretPlanResult,
} from './secretPlan';

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
  const parts: Record<string, string> = {
    namespace: pkg.metadata.namespace,
    package: pkg.metadata.name,
    resource,
  };
  const remoteKey =
    declared.id ??
    defaults.defaultKey.replace(
      /\{(namespace|package|resource)\}/g,
      (_, part: string) => parts[part],
    );
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

function resolveAll(
  pkg: LatticePackage,
  resources: Iterable<string>,
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

/** Referenced keys by resource, both sorted. */
function keysByResource({
  valueReferences,
}: ReferenceScan): [string, string[]][] {
  const keys = new Map<string, Set<string>>();
  for (const { resource, key } of valueReferences) {
    const known = keys.get(resource);
    if (known) {
      known.add(key);
    } else {
      keys.set(resource, new Set([key]));
    }
  }
  return [...keys.keys()]
    .sort()
    .map(resource => [resource, [...keys.get(resource)!].sort()]);
}

/** Eight digits can meet: then one of the two must be renamed, never one object serve both. */
function collisionProblems(
  planned: readonly PlannedExternalSecret[],
): FieldProblem[] {
  const seen = new Set<string>();
  return planned.flatMap(({ name, path, resource }) => {
    const isTaken = seen.has(name);
    seen.add(name);
    return isTaken
      ? [
          {
            path: path ?? resourcePath(resource),
            message: `would share the Secret ${name} with another reference: rename the resource, or move the directive`,
          },
        ]
      : [];
  });
}

/**
 * Works out which ExternalSecrets the references in a package's values need. Pure: reads and writes nothing.
 * Only resources that are referenced count. A package without references has an empty plan. The order of keys in
 * the values does not matter.
 */
export function planSecrets(
  pkg: LatticePackage,
  defaults: SecretDefaults,
): SecretPlanResult {
  const scan = scanReferences(pkg.spec.values, pkg.spec.resources);
  const directiveProblems = scan.directives.flatMap(one => {
    const message = directiveProblem(one, pkg.spec.resources);
    return message ? [{ path: one.path, message }] : [];
  });
  const { accesses, problems } = resolveAll(
    pkg,
    [...scan.usedResources].sort(),
    defaults,
  );
  const found = [...scan.problems, ...directiveProblems];
  if (found.length > 0 || problems.length > 0) {
    return { ok: false, problems: found.length > 0 ? found : problems };
  }
  const accessOf = (resource: string) => accesses.get(resource)!;
  const directives = scan.directives
    .filter(one => resourcesOf(one).length > 0)
    .map(one => planDirective(pkg, one, accessOf));
  const externalSecrets = [
    ...keysByResource(scan).map(([resource, keys]) =>
      planValueSecret(pkg, accessOf(resource), keys),
    ),
    ...directives,
  ];
  const collisions = collisionProblems(externalSecrets);
  if (collisions.length > 0) {
    return { ok: false, problems: collisions };
  }
  return {
    ok: true,
    plan: {
      externalSecrets,
      accesses: [...accesses.values()],
      valueReferences: scan.valueReferences,
      directiveNames: Object.fromEntries(
        directives.map(one => [one.path ?? '', one.name]),
      ),
    },
  };
}
