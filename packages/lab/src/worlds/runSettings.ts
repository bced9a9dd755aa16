/**
 * Seed of a judged run, always printed. The test command asks about the same worlds every time, so that a change is what
 * turns it red; `make soak` gives another seed to each run.
 */
export const SEED = Number(process.env.LATTICE_SEED ?? 1);

/** How many worlds a judged run takes. */
export function worldCount(byDefault: number): number {
  return Number(process.env.LATTICE_WORLDS ?? byDefault);
}

/** The seeds of a run. */
export function seedsOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => SEED + index);
}

/** Says what a run has tried, so that it can be repeated. */
export function report(what: string, figures: Record<string, number>): void {
  const text = Object.entries(figures)
    .map(([name, value]) => `${value} ${name}`)
    .join(', ');
  process.stdout.write(`${what}: LATTICE_SEED=${SEED}, ${text}\n`);
}
