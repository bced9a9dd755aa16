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
  }
  suite.finish();
}

void main();
