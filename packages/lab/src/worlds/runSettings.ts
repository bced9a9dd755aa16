/** Seed of a judged run: given, or of the day's clock, and always printed. */
export const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 1_000_000);

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
