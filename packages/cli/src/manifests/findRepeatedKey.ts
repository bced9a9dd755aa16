import { isMap, isScalar, isSeq, YAMLMap } from 'yaml';

function nameOf(key: unknown): unknown {
  return isScalar(key) ? String(key.value) : key;
}

function repeatedIn(map: YAMLMap): number | undefined {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    const name = nameOf(key);
    if (seen.has(name)) {
      return (isScalar(key) && key.range?.[0]) || 0;
    }
    seen.add(name);
  }
  return undefined;
}

/** Where a key stands for the second time in one object, if anywhere. Linear in the size of the tree. */
export function findRepeatedKey(root: unknown): number | undefined {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (isMap(node)) {
      const repeated = repeatedIn(node);
      if (repeated !== undefined) {
        return repeated;
      }
      node.items.forEach(({ value }) => pending.push(value));
    } else if (isSeq(node)) {
      node.items.forEach(item => pending.push(item));
    }
  }
  return undefined;
}
