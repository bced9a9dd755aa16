/**
 * What one change costs as the fleet grows. A realistic graph: every service depends on one to four others, and both
 * sides declare. Compare runs on one machine only.
 */
import { Bench } from 'tinybench';
import {
  AgreementGraph,
  compilePolicies,
  DEFAULT_PROFILE,
  LatticeMember,
  parseMember,
} from '../src';

const SIZES = [100, 1_000, 10_000];
const NAMESPACES = 3;

/** Numerical Recipes' linear congruential generator: the same graph in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function keyOf(index: number): { name: string; namespace: string } {
  return { name: `service-${index}`, namespace: `team-${index % NAMESPACES}` };
}

function aFleet(size: number): LatticeMember[] {
  const random = seeded(42);
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
  return dependencies.map((callees, index) => {
    const { name, namespace } = keyOf(index);
    const parsed = parseMember({
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticeMeshMember',
      metadata: { name, namespace, uid: `uid-${index}` },
      spec: {
        target: { selector: { app: name } },
        ports: [{ port: 8080, name: 'http' }],
        allowedCallers: [...callers[index]].map(keyOf),
        dependencies: [...callees].map(keyOf),
      },
    });
    if (!parsed.ok) {
      throw new Error(JSON.stringify(parsed.problems));
    }
    return parsed.value;
  });
}

async function main(): Promise<void> {
  for (const size of SIZES) {
    const members = aFleet(size);
    const graph = new AgreementGraph();
    members.forEach(member => graph.set(member));
    const random = seeded(7);
    const any = () => members[Math.floor(random() * size)];
    const bench = new Bench({ name: `${size} members`, time: 500 });
    bench
      .add('compile one member', () => {
        compilePolicies(graph, any().metadata, DEFAULT_PROFILE);
      })
      .add('one change, with its neighbours', () => {
        for (const key of graph.set(any())) {
          compilePolicies(graph, key, DEFAULT_PROFILE);
        }
      })
      .add('parse one member', () => {
        parseMember({
          apiVersion: 'lattice.dev/v1alpha1',
          kind: 'LatticeMeshMember',
          metadata: { name: 'redis', namespace: 'data' },
          spec: {
            target: { selector: { app: 'redis' } },
            ports: [{ port: 6379, name: 'redis' }],
          },
        });
      });
    await bench.run();
    process.stdout.write(`${bench.name}\n`);
    // eslint-disable-next-line no-console -- a table is what a benchmark prints
    console.table(bench.table());
  }
}

void main();
