import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Finding } from '../findings/Finding';
import { runProgram } from '../runProgram';

/** A folder of its own for each test, in which the command runs. */
export interface Folder {
  readonly path: string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  lattice(...parameters: string[]): Promise<Outcome>;
  /** With this text on standard input. */
  latticeReading(input: string, ...parameters: string[]): Promise<Outcome>;
  /** `validate --output json`, its findings also as short lines. */
  findings(...parameters: string[]): Promise<Findings>;
}

/** What a run left. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `validate` found. */
export interface Findings extends Pick<Outcome, 'status' | 'stderr'> {
  readonly list: readonly Finding[];
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

async function run(input: string, parameters: string[]): Promise<Outcome> {
  const out: string[] = [];
  const notes: string[] = [];
  const status = await runProgram(parameters, {
    isColored: false,
    print: text => out.push(text),
    note: text => notes.push(`${text}\n`),
    readInput: async () => Buffer.from(input),
  });
  return { status, stdout: out.join(''), stderr: notes.join('') };
}

function shorten(stdout: string): Pick<Findings, 'list' | 'lines' | 'errors'> {
  const { findings: list } = JSON.parse(stdout) as { findings: Finding[] };
  const lines = list.map(
    ({ file, line, column, severity, rule }) =>
      `${file}:${line}:${column} ${severity} ${rule}`,
  );
  return { list, lines, errors: lines.filter(one => one.includes(' error ')) };
}

/** Gives every test of the file a folder that is the working directory while it runs. */
export function useFolder(): Folder {
  const home = process.cwd();
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'lattice-cli-'));
    process.chdir(path);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    write: files => {
      for (const [name, text] of Object.entries(files)) {
        const at = join(path, name);
        mkdirSync(dirname(at), { recursive: true });
        writeFileSync(at, text);
      }
    },
    lattice: (...parameters) => run('', parameters),
    latticeReading: (input, ...parameters) => run(input, parameters),
    findings: async (...parameters) => {
      const { status, stdout, stderr } = await run('', [
        'validate',
        ...parameters,
        '--output',
        'json',
      ]);
      return { status, stderr, ...shorten(stdout) };
    },
  };
}
