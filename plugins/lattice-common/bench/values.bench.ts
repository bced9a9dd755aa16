/**
 * What reading and filling in values costs. Trees as the reference's benchmark makes them: containers with environment
 * variables, each of which refers to a secret. The growth tables must rise with the number of references and no faster.
 */
import {
  aPackageOf,
  containersTree,
  referencesIn,
  SHAPES,
  syncedSecrets,
} from './valuesTrees';
import { Suite } from './measure';
import {
  lookupSecrets,
  maskValues,
  planSecrets,
  scanReferences,
  substituteValues,
} from '../src';

const DEFAULTS = { defaultKey: '{namespace}/{resource}' };
/** Growth is measured over this many containers of 50 references each. */
const GROWTH = [1, 5, 20, 80, 320];
const FASTEST_OF = 200;

/** The fastest run tells growth even while others use the machine: long runs are interrupted more often. */
function fastestRunUs(run: () => unknown): number {
  let fastest = Infinity;
  for (let round = 0; round < FASTEST_OF; round += 1) {
    const start = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest * 1_000;
}

async function main(): Promise<void> {
  const suite = new Suite('values');
  for (const { containers, references, referenceUs } of SHAPES) {
    const values = containersTree(containers, references);
    const lookup = lookupSecrets(syncedSecrets(references));
    await suite.measure({
      name: `expand ${containers} containers x ${references} references`,
      size: referencesIn(containers, references),
      referenceUs,
      run: () => substituteValues(values, lookup, () => undefined),
    });
  }
  for (const containers of GROWTH) {
    const references = 50;
    const size = referencesIn(containers, references);
    const values = containersTree(containers, references);
    const pkg = aPackageOf(values, references);
    const lookup = lookupSecrets(syncedSecrets(references));
    await suite.measure(
      {
        name: 'expand, by references',
        size,
        run: () => substituteValues(values, lookup, () => undefined),
      },
      {
        name: 'scan, by references',
        size,
        run: () => scanReferences(values, pkg.spec.resources),
      },
      {
        name: 'plan, by references',
        size,
        run: () => planSecrets(pkg, DEFAULTS),
      },
      { name: 'mask, by references', size, run: () => maskValues(values) },
    );
    const fastest = fastestRunUs(() =>
      substituteValues(values, lookup, () => undefined),
    );
    suite.record({
      name: 'expand, one reference in the fastest of 200 runs',
      size,
      unit: 'us',
      median: Number((fastest / size).toPrecision(3)),
      samples: FASTEST_OF,
    });
  }
  suite.finish();
}

void main();
