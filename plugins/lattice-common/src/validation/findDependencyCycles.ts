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

type Edges = ReadonlyMap<string, readonly string[]>;

function reversed(edges: Edges): Map<string, string[]> {
  const back = new Map(
    [...edges.keys()].map((key): [string, string[]] => [key, []]),
  );
  edges.forEach((onward, key) =>
    onward.forEach(next => back.get(next)?.push(key)),
  );
  return back;
}

/** What is left when everything that leads nowhere is taken away, then everything that led only there, and so on. */
function withoutEnds(edges: Edges): Map<string, readonly string[]> {
  const back = reversed(edges);
  const open = new Map(
    [...edges].map(([key, onward]) => [
      key,
      onward.filter(next => edges.has(next)).length,
    ]),
  );
  const ends = [...open].filter(([, count]) => count === 0).map(([key]) => key);
  for (const end of ends) {
    for (const before of back.get(end) ?? []) {
      const left = open.get(before)! - 1;
      open.set(before, left);
      if (left === 0) ends.push(before);
    }
  }
  const gone = new Set(ends);
  return new Map(
    [...edges]
      .filter(([key]) => !gone.has(key))
      .map(([key, onward]) => [
        key,
        onward.filter(next => edges.has(next) && !gone.has(next)),
      ]),
  );
}

/** Only what neither begins nor ends a chain can be part of a cycle; for most fleets that is nothing. */
function onlyTangled(edges: Edges): Edges {
  return reversed(withoutEnds(reversed(withoutEnds(edges))));
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
  const tangled = onlyTangled(edges);
  const cycles = new Map<string, string[]>();
  for (const key of tangled.keys()) {
    const way = wayBack(key, tangled);
    if (way) {
      cycles.set(key, way);
    }
  }
  return cycles;
}
