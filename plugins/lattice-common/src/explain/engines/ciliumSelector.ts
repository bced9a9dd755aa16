import { CiliumIdentity, NAMESPACE_LABELS } from './ciliumIdentity';
import { allOf } from './match';
import { record, records, strings } from './readSpec';
import { Match } from './types';

/** One condition of a selector; all of them must hold. */
export interface Requirement {
  /** `source:key`; the source `any` stands for every source. */
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const SOURCES = ['k8s', 'reserved'];

/** Reads a selector. Keys that name no source get the given one. */
export function readSelector(
  value: unknown,
  defaultSource: 'any' | 'k8s',
  prefix = '',
): Requirement[] {
  const { matchLabels, matchExpressions } = record(value);
  const keyOf = (key: string) =>
    prefix ? `${defaultSource}:${prefix}${key}` : sourced(key, defaultSource);
  return [
    ...Object.entries(record(matchLabels)).map(([key, wanted]) => ({
      key: keyOf(key),
      operator: 'In' as const,
      values: [String(wanted)],
    })),
    ...records(matchExpressions)
      .filter(({ operator }) => OPERATORS.includes(String(operator)))
      .map(({ key, operator, values }) => ({
        key: keyOf(String(key)),
        operator: operator as Requirement['operator'],
        values: strings(values),
      })),
  ];
}

/** Whether a selector says something about a key, whatever the source. */
export function mentions(
  requirements: readonly Requirement[],
  key: string,
): boolean {
  return requirements.some(
    one => one.key === `k8s:${key}` || one.key === `any:${key}`,
  );
}

/** Whether all conditions hold. */
export function selectsIdentity(
  requirements: readonly Requirement[],
  identity: CiliumIdentity,
): Match {
  // Written out, as it is asked of every selector for every question.
  for (const requirement of requirements)
    if (holds(requirement, identity) === false) return false;
  return identity.unknownNamespace === undefined
    ? true
    : allOf(requirements.map(one => () => holds(one, identity)));
}

function holds(
  { key, operator, values }: Requirement,
  { labels, unknownNamespace }: CiliumIdentity,
): Match {
  const value = lookUp(labels, key);
  if (
    value === undefined &&
    unknownNamespace !== undefined &&
    key.replace(/^[^:]*:/, '').startsWith(`${NAMESPACE_LABELS}.`)
  )
    return { unsure: `the labels of namespace ${unknownNamespace}` };
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function lookUp(
  labels: ReadonlyMap<string, string>,
  key: string,
): string | undefined {
  if (!key.startsWith('any:')) return labels.get(key);
  const bare = key.slice('any:'.length);
  for (const source of SOURCES) {
    const value = labels.get(`${source}:${bare}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

function sourced(key: string, defaultSource: string): string {
  if (key.startsWith('$')) return `reserved:${key.slice(1)}`;
  return key.includes(':') ? key : `${defaultSource}:${key}`;
}
