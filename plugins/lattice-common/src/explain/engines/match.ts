import { KubernetesObject } from '../../api/object';
import { Match, ObjectRef } from './types';

/** One is enough. Unknown only when no other one says yes. */
export function anyOf<T>(items: readonly T[], test: (item: T) => Match): Match {
  let unsure: Match = false;
  for (const item of items) {
    const match = test(item);
    if (match === true) return true;
    if (match !== false) unsure = match;
  }
  return unsure;
}

/** All are needed. Unknown only when no other one says no. */
export function allOf(tests: readonly (() => Match)[]): Match {
  let result: Match = true;
  for (const test of tests) {
    const match = test();
    if (match === false) return false;
    if (match !== true) result = match;
  }
  return result;
}

/** The opposite; what is unknown stays unknown. */
export function not(match: Match): Match {
  return typeof match === 'boolean' ? !match : match;
}

/** Kind and name of an object. */
export function refOf({ kind, metadata }: KubernetesObject): ObjectRef {
  const { name, namespace } = metadata;
  return namespace ? { kind, name, namespace } : { kind, name };
}

/** Each object once. Most often it is one object many times over. */
export function uniqueRefs(refs: readonly ObjectRef[]): ObjectRef[] {
  const once = [...new Set(refs)];
  return once.length < 2
    ? once
    : [...new Map(once.map(ref => [formatRef(ref), ref])).values()];
}

/** `Kind namespace/name`. */
export function formatRef({ kind, name, namespace }: ObjectRef): string {
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}
