import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { Bench } from 'tinybench';

/** One thing that is measured at one size. */
export interface Case {
  /** What is done once, in words: the same for every size. */
  readonly name: string;
  /** How large the world is, e.g. the number of members. */
  readonly size: number;
  /** Does it once. What it returns is thrown away. */
  readonly run: () => unknown;
  /** The Rust reference's median for the same work, in microseconds, where one is known. */
  readonly referenceUs?: number;
}

/** What was measured of one case. */
export interface Figure {
  readonly name: string;
  readonly size: number;
  readonly unit: 'us' | 'MB';
  readonly median: number;
  /** Mean processor time of one run: what is left when others use the machine, too. */
  readonly cpu?: number;
  readonly p99?: number;
  readonly samples: number;
  readonly reference?: number;
  /** `median / reference`. */
  readonly ratio?: number;
}

const ROOT = path.resolve(__dirname, '../../..');
const OUT = process.env.LATTICE_BENCH_OUT ?? path.join(ROOT, '.lattice/bench');
/** Time for each case. Longer runs are steadier. */
const TIME_MS = Number(process.env.LATTICE_BENCH_MS ?? 400);
/** Even of what takes longer than that. */
const MIN_RUNS = 5;

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function processorTime(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return user + system;
}

/** Runs as often as fits into the time, by how long one run took. */
function measureProcessorTime({ run }: Case, medianUs: number): number {
  const wanted = (TIME_MS * 1_000) / Math.max(medianUs, 0.1);
  const runs = Math.max(3, Math.min(50_000, Math.round(wanted)));
  const before = processorTime();
  for (let count = 0; count < runs; count++) run();
  return (processorTime() - before) / runs;
}

async function measureCase(one: Case): Promise<Figure> {
  const bench = new Bench({
    time: TIME_MS,
    warmupTime: TIME_MS / 2,
    iterations: MIN_RUNS,
    warmupIterations: 1,
  });
  bench.add(one.name, () => {
    one.run();
  });
  const [task] = await bench.run();
  const { result } = task;
  if (!('latency' in result)) {
    throw new Error(`${one.name} at ${one.size} was not measured`, {
      cause: 'error' in result ? result.error : undefined,
    });
  }
  const median = result.latency.p50 * 1_000;
  return {
    name: one.name,
    size: one.size,
    unit: 'us',
    median: rounded(median),
    cpu: rounded(measureProcessorTime(one, median)),
    p99: rounded(result.latency.p99 * 1_000),
    samples: result.latency.samplesCount,
    ...(one.referenceUs === undefined
      ? {}
      : {
          reference: one.referenceUs,
          ratio: rounded(median / one.referenceUs),
        }),
  };
}

/**
 * Collects the figures of one bench file, prints them as a table and leaves them as JSON, from which the page on
 * performance is drawn.
 */
export class Suite {
  readonly #name: string;
  readonly #figures: Figure[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Measures cases one after another, each with a warm-up of its own. */
  async measure(...cases: readonly Case[]): Promise<void> {
    for (const one of cases) {
      this.#figures.push(await measureCase(one));
    }
  }

  /** Takes a figure that is no duration. */
  record(figure: Figure): void {
    this.#figures.push(figure);
  }

  /** Prints the table and writes the file. */
  finish(): void {
    process.stdout.write(`\n${this.#name}\n`);
    // eslint-disable-next-line no-console -- a table is what a benchmark prints
    console.table(
      this.#figures.map(({ name, size, median, cpu, unit, p99, ratio }) => ({
        name,
        size,
        median: `${median} ${unit}`,
        processor: cpu === undefined ? '' : `${cpu} ${unit}`,
        p99: p99 === undefined ? '' : `${p99} ${unit}`,
        'of the reference': ratio ?? '',
      })),
    );
    mkdirSync(OUT, { recursive: true });
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      load: rounded(loadavg()[0]),
    };
    writeFileSync(
      path.join(OUT, `${this.#name}.json`),
      `${JSON.stringify(
        { suite: this.#name, machine, figures: this.#figures },
        null,
        2,
      )}\n`,
    );
  }
}
