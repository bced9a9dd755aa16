import { formatKey, ObjectKey } from '../api/object';
import { parseMember } from '../api/parseMember';
import { isDnsName } from '../validation/names';
import { chooseSelector } from './chooseSelector';
import { Coverage } from './Coverage';
import { DEFAULT_ACCOUNT } from './driftMessages';
import { Endpoint, matcher } from './endpoints';
import { isAdmitted } from './memberRules';
import { memberCreated } from './memberPatch';
import { declarePorts } from './portNames';
import { Labels, SuggestedPatch } from './types';

function isSibling(endpoint: Endpoint, other: Endpoint, coverage: Coverage) {
  return (
    !other.hostNetwork &&
    other.package !== undefined &&
    endpoint.package !== undefined &&
    formatKey(other.package) === formatKey(endpoint.package) &&
    other.serviceAccount === endpoint.serviceAccount &&
    coverage.membersOf(other).length === 0
  );
}

function isSameWorkload(a: Endpoint, b: Endpoint): boolean {
  return (
    a.workload.kind === b.workload.kind && a.workload.name === b.workload.name
  );
}

/** A selector for the pods of a workload that catches nobody else's; other uncovered parts of its package may join. */
export function selectorFor(
  endpoint: Endpoint,
  coverage: Coverage,
): Labels | undefined {
  const all = coverage.inNamespace(endpoint.workload.namespace);
  const own = all.filter(
    other => isSameWorkload(endpoint, other) && !other.hostNetwork,
  );
  const strangers = all.filter(
    other => !own.includes(other) && !isSibling(endpoint, other, coverage),
  );
  return chooseSelector({
    include: own.map(({ labels }) => labels),
    exclude: strangers.map(({ labels }) => labels),
  });
}

function freeKey(
  endpoint: Endpoint,
  coverage: Coverage,
): ObjectKey | undefined {
  const { namespace, name } = endpoint.workload;
  const names = [
    endpoint.package?.name ?? name,
    name,
    ...[2, 3, 4, 5, 6, 7, 8, 9].map(number => `${name}-${number}`),
  ];
  return names
    .filter(isDnsName)
    .map(one => ({ namespace, name: one }))
    .find(key => !coverage.hasKey(key));
}

/** A new member for an uncovered workload: its ports, Strict, and nobody who may call it yet. */
export function draftMember(
  endpoint: Endpoint,
  coverage: Coverage,
): SuggestedPatch | undefined {
  const selector = selectorFor(endpoint, coverage);
  const key = freeKey(endpoint, coverage);
  if (!selector || !key) {
    return undefined;
  }
  const matches = matcher(selector);
  const selected = coverage
    .inNamespace(key.namespace)
    .filter(({ labels }) => matches(labels));
  const { serviceAccount } = endpoint;
  const merge = memberCreated({
    ...key,
    selector,
    ports: declarePorts(selected.flatMap(({ ports }) => ports)),
    ...(serviceAccount === key.name || serviceAccount === DEFAULT_ACCOUNT
      ? {}
      : { serviceAccount }),
  });
  const parsed = parseMember(merge);
  return parsed.ok && isAdmitted(parsed.value)
    ? {
        object: { kind: 'LatticeMeshMember', ...key },
        creates: true,
        merge,
      }
    : undefined;
}
