import { KubernetesObject } from '../api/object';
import { isRecord } from './isSamePolicy';

const MAX_LABEL = 63;
/** Of rules, of sources and of operations in an AuthorizationPolicy. */
const MAX_ISTIO_ENTRIES = 512;
/** The API server's own limit is 1.5 MiB, with what it adds. */
const MAX_OBJECT_LENGTH = 1.4 * 1024 * 1024;
/**
 * These would stand for every pod of the cluster. As callers of webhooks a profile may name the whole cluster, where
 * the API server shows as nothing narrower.
 */
const UNBOUNDED_ENTITIES = {
  fromEntities: ['all'],
  toEntities: ['all', 'cluster'],
};

/** What a server or an engine would refuse for its size, or read as everybody. */
export function lintLimits(object: KubernetesObject): string[] {
  const spec = isRecord(object.spec) ? object.spec : {};
  const problems = [
    ...lintLabelValues(object.metadata.labels, 'metadata.labels'),
    ...lintLabelValues(matchLabels(spec.selector), 'selector'),
    ...lintLabelValues(matchLabels(spec.endpointSelector), 'endpointSelector'),
    ...lintEntries(spec.rules),
    ...lintEntities(spec.ingress, 'fromEntities'),
    ...lintEntities(spec.egress, 'toEntities'),
  ];
  if (JSON.stringify(object).length > MAX_OBJECT_LENGTH)
    problems.push('is too large to be written');
  return problems;
}

function matchLabels(selector: unknown): unknown {
  return isRecord(selector) ? selector.matchLabels : undefined;
}

function lintLabelValues(labels: unknown, path: string): string[] {
  return Object.entries(isRecord(labels) ? labels : {})
    .filter(([, value]) => String(value).length > MAX_LABEL)
    .map(([key]) => `${path}.${key} is longer than a label may be`);
}

function lintEntries(rules: unknown): string[] {
  if (!Array.isArray(rules)) return [];
  const lists = [rules, ...rules.flatMap(rule => [rule.from, rule.to])];
  return lists.some(
    list => Array.isArray(list) && list.length > MAX_ISTIO_ENTRIES,
  )
    ? [`rules has more than ${MAX_ISTIO_ENTRIES} entries in one list`]
    : [];
}

function lintEntities(
  rules: unknown,
  field: keyof typeof UNBOUNDED_ENTITIES,
): string[] {
  if (!Array.isArray(rules)) return [];
  return rules
    .flatMap(rule => (isRecord(rule) ? rule[field] ?? [] : []))
    .filter(entity => UNBOUNDED_ENTITIES[field].includes(String(entity)))
    .map(entity => `${field} names ${entity}, which stands for far too much`);
}
