import { LatticeMember } from '../api/memberModel';

/** Whether policies compiled from either would be equal. Status, labels and resourceVersion do not count. */
export function isSameDeclaration(a: LatticeMember, b: LatticeMember): boolean {
  return (
    a.kind === b.kind &&
    a.metadata.uid === b.metadata.uid &&
    (a.spec === b.spec || isEqual(a.spec, b.spec))
  );
}

/** Deep equality of plain values, whatever the order of keys; lists count in their order. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(key => key in right && isEqual(left[key], right[key]));
}
