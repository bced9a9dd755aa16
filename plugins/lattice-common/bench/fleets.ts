import { AgreementGraph, LatticeMember, parseMember } from '../src';

const NAMESPACES = 3;
const SEED = 42;

/** Numerical Recipes' linear congruential generator: the same fleet in every run. */
export function seeded(seed: number = SEED): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The key of the nth service. */
export function keyOf(index: number): { name: string; namespace: string } {
  return { name: `service-${index}`, namespace: `team-${index % NAMESPACES}` };
}

/** Reads a member's manifest, as from a file or a cluster. */
export function readMember(
  key: { name: string; namespace: string },
  spec: Record<string, unknown> = {},
): LatticeMember {
  const parsed = parseMember({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { ...key, uid: `uid-${key.namespace}-${key.name}` },
    spec: {
      target: { selector: { app: key.name } },
      ports: [{ port: 8080, name: 'http' }],
      ...spec,
    },
  });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.value;
}

/** Every service depends on one to four others at random, in any namespace, and both sides declare it. */
export function realisticFleet(size: number): LatticeMember[] {
  const random = seeded();
  const dependencies = Array.from({ length: size }, () => new Set<number>());
  const callers = Array.from({ length: size }, () => new Set<number>());
  for (let caller = 0; caller < size; caller++) {
    const count = 1 + Math.floor(random() * 4);
    for (let edge = 0; edge < count; edge++) {
      const callee = Math.floor(random() * size);
      if (callee !== caller) {
        dependencies[caller].add(callee);
        callers[callee].add(caller);
      }
    }
  }
  return dependencies.map((callees, index) =>
    readMember(keyOf(index), {
      allowedCallers: [...callers[index]].map(keyOf),
      dependencies: [...callees].map(keyOf),
    }),
  );
}

/** One callee, the first, that all others call. */
export function starFleet(callers: number): LatticeMember[] {
  const spokes = Array.from({ length: callers }, (_, index) => index + 1);
  const hub = readMember(keyOf(0));
  return [
    // Longer than a manifest may be, to see how it grows.
    { ...hub, spec: { ...hub.spec, allowedCallers: spokes.map(keyOf) } },
    ...spokes.map(index =>
      readMember(keyOf(index), { dependencies: [keyOf(0)] }),
    ),
  ];
}

/**
 * A realistic fleet whose last services ask for everything. Everybody else allows a few of those by name, so that
 * each of them has agreements.
 */
export function dependsAllFleet(size: number, count: number): LatticeMember[] {
  const random = seeded();
  const normal = realisticFleet(size - count).map(member => {
    const { spec } = member;
    const allowed = Array.from({ length: 3 }, () =>
      keyOf(size - count + Math.floor(random() * count)),
    );
    const allowedCallers = [...spec.allowedCallers, ...allowed];
    return { ...member, spec: { ...spec, allowedCallers } };
  });
  const asking = Array.from({ length: count }, (_, index) =>
    readMember(keyOf(size - count + index), { dependsAll: true }),
  );
  return [...normal, ...asking];
}

/** The graph of a fleet. */
export function graphOf(members: readonly LatticeMember[]): AgreementGraph {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  return graph;
}
