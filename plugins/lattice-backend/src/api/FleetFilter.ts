import { PermissionCriteria } from '@backstage/plugin-permission-common';
import { FleetRecord } from './FleetRecord';

/** One thing that a permission rule asks of a record; it holds when the property is one of the values. */
export type FleetFilter =
  | {
      readonly property: 'cluster' | 'namespace' | 'owner';
      readonly values: readonly string[];
    }
  | {
      readonly property: 'label';
      readonly label: string;
      /** Absent = any value. */
      readonly values?: readonly string[];
    };

/** Whether a record passes. */
export function matchesFilter(
  record: FleetRecord,
  criteria: PermissionCriteria<FleetFilter>,
): boolean {
  if ('allOf' in criteria) {
    return criteria.allOf.every(part => matchesFilter(record, part));
  }
  if ('anyOf' in criteria) {
    return criteria.anyOf.some(part => matchesFilter(record, part));
  }
  if ('not' in criteria) {
    return !matchesFilter(record, criteria.not);
  }
  return matchesOne(record, criteria);
}

function matchesOne(record: FleetRecord, filter: FleetFilter): boolean {
  const held =
    filter.property === 'label'
      ? record.labels[filter.label]
      : record[filter.property];
  if (held === undefined) {
    return false;
  }
  return filter.values === undefined || filter.values.includes(held);
}
