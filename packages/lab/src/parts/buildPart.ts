import { execFile, spawn } from 'node:child_process';
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildFlags } from './partKey.ts';
import { findExecutable } from './systemPrograms.ts';
import type { Log, Part } from './types.ts';

const run = promisify(execFile);
const STILL_BUILDING_MS = 30_000;
const STAGING = '.building-';
const KEPT_OUTPUT = 4_000;

/** Where and from what a part is built. */
export type BuildInput = {
  part: Part;
  version: string;
  toolDir: string;
  /** Final folder; appears whole or not at all. */
  target: string;
  env: NodeJS.ProcessEnv;
  log: Log;
};

const HOW_TO_GET: Record<string, string> = {
  go: 'install Go 1.24 or newer (https://go.dev/dl, or the package "golang" of your system) and put it on PATH',
  gcc: 'install a C compiler (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)',
};

/** Builds a part beside its final folder and moves it there in one step. */
export async function buildPart(input: BuildInput): Promise<void> {
  const { part, target, env } = input;
  await requireTool('go', part, env);
  if (part.cgo && !env.CC) {
    await requireTool('gcc', part, env);
  }
  await mkdir(dirname(target), { recursive: true });
  await removeAbandoned(target);
  const staging = await mkdtemp(`${target}${STAGING}`);
  try {
    await compilePrograms(input, join(staging, 'bin'));
    await copyFiles(input, join(staging, 'files'));
    await rename(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What a build that was killed left; nobody else builds this part now. */
async function removeAbandoned(target: string): Promise<void> {
  const names = await readdir(dirname(target));
  const abandoned = names.filter(name =>
    name.startsWith(`${basename(target)}${STAGING}`),
  );
  await Promise.all(
    abandoned.map(name =>
      rm(join(dirname(target), name), { recursive: true, force: true }),
    ),
  );
}

async function requireTool(
  tool: string,
  part: Part,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const names = tool === 'gcc' ? ['gcc', 'cc', 'clang'] : [tool];
  for (const name of names) {
    if (await findExecutable(name, env)) {
      return;
    }
  }
  throw new Error(
    `'${tool}' is needed to build ${part.name} and was not found on PATH: ${HOW_TO_GET[tool]}`,
  );
}

function goEnvironment(part: Part, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { KUBECONFIG: _dropped, ...rest } = env;
  return {
    ...rest,
    CGO_ENABLED: part.cgo ? '1' : '0',
    GOWORK: 'off',
    GOFLAGS: '-mod=readonly',
  };
}

async function compilePrograms(
  input: BuildInput,
  binDir: string,
): Promise<void> {
  const { part, version, toolDir, env, log } = input;
  if (part.programs.length === 0) {
    return;
  }
  await mkdir(binDir, { recursive: true });
  const started = Date.now();
  const timer = setInterval(() => {
    log(
      `${part.name} ${version}: still building (${Math.round(
        (Date.now() - started) / 1000,
      )} s)`,
    );
  }, STILL_BUILDING_MS);
  try {
    for (const args of compileCommands(part, version, binDir)) {
      await runGo(args, { cwd: toolDir, env: goEnvironment(part, env), part });
    }
  } finally {
    clearInterval(timer);
  }
  for (const { name } of part.programs) {
    await access(join(binDir, name)).catch(() => {
      throw new Error(`Building ${part.name} left no program '${name}'`);
    });
  }
}

/** Arguments of `go` that make all programs of a part: one build for the programs, then one for each set of tests. */
function compileCommands(
  part: Part,
  version: string,
  binDir: string,
): string[][] {
  const flags = buildFlags(part, version);
  const programs = part.programs.filter(({ isTest }) => !isTest);
  const tests = part.programs.filter(({ isTest }) => isTest);
  // With one package the output's name is ours; several packages are named after their folders, as their programs are.
  const output =
    programs.length === 1 ? join(binDir, programs[0].name) : `${binDir}/`;
  return [
    [
      'build',
      ...flags,
      '-o',
      output,
      ...programs.map(program => program.package),
    ],
    ...tests.map(test => [
      ...['test', '-c', '-vet=off', ...flags],
      ...['-o', join(binDir, test.name), test.package],
    ]),
  ];
}

type GoRun = { cwd: string; env: NodeJS.ProcessEnv; part: Part };

/**
 * Runs a command in a process group of its own that dies as a whole when stdin closes: however this process ends, no
 * compiler goes on without it.
 */
const BOUND_TO_PARENT = `exec 3<&0
"$@" </dev/null 3<&- &
command=$!
(cat <&3; kill -KILL 0) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$command"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"`;

async function runGo(args: string[], { cwd, env, part }: GoRun): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn('sh', ['-c', BOUND_TO_PARENT, 'sh', 'go', ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', chunk => {
      output = (output + String(chunk)).slice(-KEPT_OUTPUT);
    });
    child.on('error', reject);
    child.on('exit', () => child.stdin.end());
    child.on('close', code => {
      if (code === 0) {
        resolve();
      } else {
        reject(
          new Error(
            `Building ${
              part.name
            } failed (go exited with ${code}):\n${output.trim()}`,
          ),
        );
      }
    });
  });
}

async function copyFiles(input: BuildInput, filesDir: string): Promise<void> {
  const { part, toolDir, env } = input;
  const modules = [...new Set((part.files ?? []).map(file => file.module))];
  const folders = await moduleFolders(modules, {
    cwd: toolDir,
    env: goEnvironment(part, env),
    part,
  });
  for (const file of part.files ?? []) {
    const target = join(filesDir, file.to);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(folders[file.module], file.from), target, {
      recursive: true,
    });
  }
  if (modules.length > 0) {
    // The module cache is read-only; a part has to be removable without tricks.
    await run('chmod', ['-R', 'u+w', filesDir]);
  }
}

async function moduleFolders(
  modules: string[],
  { cwd, env, part }: GoRun,
): Promise<Record<string, string>> {
  const folders: Record<string, string> = {};
  for (const module of modules) {
    try {
      const { stdout } = await run('go', ['mod', 'download', '-json', module], {
        cwd,
        env,
      });
      folders[module] = (JSON.parse(stdout) as { Dir: string }).Dir;
    } catch (error) {
      const { stdout } = error as { stdout?: string };
      throw new Error(
        `Fetching ${module} for ${part.name} failed: ${
          stdout?.trim() || String(error)
        }`,
      );
    }
  }
  return folders;
}
