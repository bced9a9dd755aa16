import { formatKey } from '../api/object';
import { LatticePackage } from '../api/packageModel';

function wayFrom(
  start: string,
  end: string,
  cameFrom: ReadonlyMap<string, string>,
): string[] {
  const way = [start];
  for (let step = end; step !== start; step = cameFrom.get(step)!) {
    way.unshift(step);
  }
  return [start, ...way];
}

/** The way from a package back to itself, without recursion: graphs of packages may be deep. */
function wayBack(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const at of queue) {
    const onward = edges.get(at) ?? [];
    if (onward.includes(start)) {
      return wayFrom(start, at, cameFrom);
    }
    for (const next of onward.filter(one => !cameFrom.has(one))) {
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

/**
 * Packages that wait for themselves: key -> the shortest way round, beginning and ending with the key. A
 * dependency on itself alone is left to the rules of the single package.
 */
export function findDependencyCycles(
  packages: readonly LatticePackage[],
): Map<string, string[]> {
  const edges = new Map(
    packages.map(pkg => [
      formatKey(pkg.metadata),
      pkg.spec.dependsOn
        .map(formatKey)
        .filter(key => key !== formatKey(pkg.metadata)),
    ]),
  );
  const cycles = new Map<string, string[]>();
  for (const key of edges.keys()) {
    const way = wayBack(key, edges);
    if (way) {
      cycles.set(key, way);
    }
  }
  return cycles;
}
