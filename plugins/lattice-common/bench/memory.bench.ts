/** What a graph keeps in memory, with the declarations in it and without. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AgreementGraph, compilePolicies, DEFAULT_PROFILE } from '../src';
import { graphOf, realisticFleet } from './fleets';
import { Suite } from './measure';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEGABYTE = 1024 * 1024;

function usedHeap(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed / MEGABYTE;
}

function record(suite: Suite, name: string, size: number, median: number) {
  suite.record({
    name,
    size,
    unit: 'MB',
    median: Number(median.toFixed(1)),
    samples: 1,
  });
}

/** The declarations are dropped again before the next size. */
function measureSize(suite: Suite, size: number): AgreementGraph {
  const before = usedHeap();
  const members = realisticFleet(size);
  const declared = usedHeap();
  const graph = graphOf(members);
  const built = usedHeap();
  for (const key of graph.keys()) {
    graph.edgesOf(key);
    compilePolicies(graph, key, DEFAULT_PROFILE);
  }
  const read = usedHeap();
  record(suite, 'declarations', size, declared - before);
  record(suite, 'graph without the declarations', size, built - declared);
  record(suite, 'graph and declarations', size, built - before);
  record(suite, 'the same after every key was compiled', size, read - before);
  return graph;
}

const suite = new Suite('memory');
for (const size of [1_000, 10_000, 50_000]) {
  measureSize(suite, size);
}
suite.finish();
