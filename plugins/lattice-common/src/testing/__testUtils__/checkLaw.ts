import fc from 'fast-check';

/** How often a law is tried. */
export interface LawOptions {
  /** Tries; 200 unless said. */
  readonly cases?: number;
}

function chosenSeed(): number {
  const given = Number(process.env.LATTICE_SEED);
  return Number.isInteger(given) && given !== 0
    ? given
    : Math.floor(Math.random() * 0x7fffffff);
}

/**
 * Tries a law on random cases and prints seed and number of cases. `LATTICE_SEED=n` repeats a run.
 *
 * @throws what fast-check says of the smallest case that breaks the law
 */
export function checkLaw<Ts extends [unknown, ...unknown[]]>(
  law: string,
  property: fc.IProperty<Ts>,
  { cases = 200 }: LawOptions = {},
): void {
  const seed = chosenSeed();
  const details = fc.check(property, { seed, numRuns: cases });
  process.stdout.write(
    `law: ${law}: ${details.numRuns} cases, ${details.numSkips} skipped, seed ${seed}\n`,
  );
  if (details.failed) {
    throw new Error(fc.defaultReportMessage(details));
  }
}
