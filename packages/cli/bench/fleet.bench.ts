/**
 * The command on the files of whole fleets, as a pre-merge check of a large repository runs it: a process of its own
 * for each figure, so that start and memory count. Compare runs on one machine only.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SIZES = [100, 1_000, 10_000];
const NAMESPACES = 50;
const BIN = resolve(__dirname, '../bin/lattice');

/** Numerical Recipes' linear congruential generator: the same fleet in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function keyOf(index: number) {
  return { name: `service-${index}`, namespace: `team-${index % NAMESPACES}` };
}

function references(peers: ReadonlySet<number>): string {
  const lines = [...peers].map(peer => {
    const { name, namespace } = keyOf(peer);
    return `\n    - name: ${name}\n      namespace: ${namespace}`;
  });
  return lines.length === 0 ? ' []' : lines.join('');
}

function manifest(
  index: number,
  callers: ReadonlySet<number>,
  dependencies: ReadonlySet<number>,
): string {
  const { name, namespace } = keyOf(index);
  return `apiVersion: lattice.dev/v1alpha1
kind: LatticeMeshMember
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  target:
    selector:
      app: ${name}
  serviceAccount: ${name}
  ports:
    - port: 8080
      name: http
      peerAuth: Strict
  allowedCallers:${references(callers)}
  dependencies:${references(dependencies)}
`;
}

/** Every service depends on one to four others, and both sides declare; each in a file of its own. */
function writeFleet(folder: string, size: number): void {
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
  for (let index = 0; index < size; index++) {
    const { name, namespace } = keyOf(index);
    const home = join(folder, namespace, name);
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'mesh-member.yaml'),
      manifest(index, callers[index], dependencies[index]),
    );
  }
}

interface Figure {
  readonly members: number;
  readonly command: string;
  readonly seconds: string;
  readonly 'CPU seconds': string;
  readonly 'peak MiB': string;
}

/** Says on its last line of standard error what the command has used. */
const REPORT_USE = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\n'+JSON.stringify(process.resourceUsage())))`;

function measure(command: string, folder: string, members: number): Figure {
  const startedAt = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', REPORT_USE, BIN, command, folder],
    { encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 },
  );
  const nanoseconds = Number(process.hrtime.bigint() - startedAt);
  if (status !== 0) {
    throw new Error(`lattice ${command} ended with ${status}: ${stderr}`);
  }
  const used = JSON.parse(
    stderr.trim().split('\n').at(-1) ?? '',
  ) as NodeJS.ResourceUsage;
  return {
    members,
    command,
    seconds: (nanoseconds / 1e9).toFixed(2),
    'CPU seconds': ((used.userCPUTime + used.systemCPUTime) / 1e6).toFixed(2),
    'peak MiB': (used.maxRSS / 1024).toFixed(0),
  };
}

function main(): void {
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'lattice-fleet-'));
    try {
      writeFleet(folder, size);
      for (const command of ['validate', 'compile']) {
        figures.push(measure(command, folder, size));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  // eslint-disable-next-line no-console -- a table is what a benchmark prints
  console.table(figures);
}

main();
