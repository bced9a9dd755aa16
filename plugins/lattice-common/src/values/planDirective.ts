import { LatticePackage, SecretResource } from '../api/packageModel';
import { readDuration } from '../api/readDuration';
import {
  DEFAULT_REFRESH_INTERVAL,
  ExternalSecretContent,
  externalSecretObject,
} from './externalSecret';
import { goTemplates, templateFields } from './goTemplate';
import { SecretReference } from './references';
import { DirectiveEntry, SecretDirective } from './scanReferences';
import { secretName } from './secretName';
import { PlannedExternalSecret, SecretAccess } from './secretPlan';

type AccessOf = (resource: string) => SecretAccess;

/** References of an entry, in the order in which they stand. */
function referencesOf({ parts }: DirectiveEntry): SecretReference[] {
  return parts.flatMap(part => (part.kind === 'secret' ? [part] : []));
}

/** Resources that a directive reads, sorted. */
export function resourcesOf({ entries }: SecretDirective): string[] {
  const names = entries.flatMap(referencesOf).map(({ resource }) => resource);
  return [...new Set(names)].sort();
}

/** What is wrong with a directive that reads several resources, if anything. */
export function directiveProblem(
  directive: SecretDirective,
  resources: Readonly<Record<string, SecretResource>>,
): string | undefined {
  const types = resourcesOf(directive).flatMap(
    name => resources[name].secretType ?? [],
  );
  return new Set(types).size > 1
    ? 'reads resources of different params.secretType, and a Secret has one type: use one directive for each'
    : undefined;
}

/** The shortest interval that refreshes at all. */
function refreshInterval(resources: readonly SecretResource[]): string {
  const intervals = resources.map(
    one => one.refreshInterval ?? DEFAULT_REFRESH_INTERVAL,
  );
  const seconds = (interval: string) => readDuration(interval) || Infinity;
  return intervals.reduce((shortest, one) =>
    seconds(one) < seconds(shortest) ? one : shortest,
  );
}

function fetched(
  { resource, key }: SecretReference,
  secretKey: string,
  accessOf: AccessOf,
) {
  const { provider, remoteKey } = accessOf(resource);
  return { secretKey, store: provider, remoteKey, property: key };
}

/** Entries that are a reference each are fetched under their own keys; text around them needs templates. */
function contentOf(
  entries: readonly DirectiveEntry[],
  accessOf: AccessOf,
): Pick<ExternalSecretContent, 'entries' | 'templates'> {
  const isPlain = entries.every(
    ({ parts }) => parts.length === 1 && parts[0].kind === 'secret',
  );
  if (isPlain) {
    return {
      entries: entries.flatMap(entry =>
        referencesOf(entry).map(one => fetched(one, entry.key, accessOf)),
      ),
    };
  }
  const fields = templateFields(entries.flatMap(referencesOf));
  return {
    entries: fields.map(one => fetched(one, one.field, accessOf)),
    templates: goTemplates(entries, fields),
  };
}

/** The ExternalSecret behind a `$secret` directive. It may read several resources and stores. */
export function planDirective(
  pkg: LatticePackage,
  directive: SecretDirective,
  accessOf: AccessOf,
): PlannedExternalSecret {
  const { path, entries } = directive;
  const names = resourcesOf(directive);
  const declared = names.map(one => pkg.spec.resources[one]);
  const [first, ...others] = names.map(accessOf);
  const name = secretName(pkg.metadata, path);
  return {
    ...first,
    name,
    mode: 'directive',
    path,
    keys: entries.map(({ key }) => key),
    accesses: [first, ...others],
    object: externalSecretObject(pkg, {
      name,
      namespace: pkg.spec.targetNamespace,
      store: first.provider,
      refreshInterval: refreshInterval(declared),
      secretType: declared.find(one => one.secretType)?.secretType,
      ...contentOf(entries, accessOf),
    }),
  };
}
