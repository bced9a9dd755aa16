/** Runs the stages of a command one after the other, with progress and elapsed time, and counts what they report. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, createWriteStream } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);
export const STATE_DIR = process.env.LATTICE_HOME
  ? path.resolve(process.env.LATTICE_HOME)
  : path.join(ROOT, '.lattice');

/** `1m 05s` */
export function formatElapsed(startedAtMs) {
  const seconds = Math.round((Date.now() - startedAtMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0
    ? `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`
    : `${seconds}s`;
}

/** Starts a command; its output goes to a log file and, when `isLoud`, to the terminal. Resolves with the exit code. */
export function runLogged(command, args, { logFile, isLoud = false, env }) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      log.write(chunk);
      if (isLoud) {
        process.stdout.write(chunk);
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => log.end(() => resolve(code ?? 1)));
  });
}

function tailOf(file, lines) {
  return readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n');
}

/** One stage that either passes or fails as a whole. */
export async function checkStage(name, command, args, options = {}) {
  const startedAtMs = Date.now();
  process.stdout.write(`${name} ...\n`);
  const logFile = path.join(STATE_DIR, 'logs', `${options.log ?? name}.log`);
  const code = await runLogged(command, args, { ...options, logFile });
  const isOk = code === 0;
  if (!isOk) {
    process.stdout.write(`${tailOf(logFile, options.tail ?? 60)}\n`);
  }
  process.stdout.write(
    `${name}: ${isOk ? 'passed' : `FAILED (see ${logFile})`} in ${formatElapsed(
      startedAtMs,
    )}\n`,
  );
  return { name, passed: isOk ? 1 : 0, failed: isOk ? 0 : 1 };
}

/** One stage of Jest suites; counts its tests, a suite that cannot run counts as one failure. */
export async function jestStage(name, jestArgs, options = {}) {
  const startedAtMs = Date.now();
  process.stdout.write(`${name} ...\n`);
  const fileName = name.replaceAll(' ', '-');
  const logFile = path.join(STATE_DIR, 'logs', `${fileName}.log`);
  const resultFile = path.join(STATE_DIR, 'logs', `${fileName}.json`);
  rmSync(resultFile, { force: true });
  const args = [
    path.join(ROOT, '.yarn/releases/yarn-4.13.0.cjs'),
    'backstage-cli',
    'repo',
    'test',
    '--watchAll=false',
    '--passWithNoTests',
    '--json',
    `--outputFile=${resultFile}`,
    ...jestArgs,
  ];
  const code = await runLogged(process.execPath, args, {
    ...options,
    isLoud: true,
    logFile,
  });
  return readJestResult({ name, code, resultFile, startedAtMs });
}

function readJestResult({ name, code, resultFile, startedAtMs }) {
  let passed = 0;
  let failed = code === 0 ? 0 : 1;
  try {
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    passed = result.numPassedTests;
    const brokenSuites = result.numRuntimeErrorTestSuites;
    failed = result.numFailedTests + brokenSuites || failed;
  } catch (error) {
    process.stdout.write(`${name}: Jest left no result: ${error.message}\n`);
    failed = 1;
  }
  process.stdout.write(
    `${name}: ${passed} passed, ${failed} failed in ${formatElapsed(
      startedAtMs,
    )}\n`,
  );
  return { name, passed, failed };
}

/** Prints the closing line that CI reads and sets the exit code. */
export function closeWith(results, startedAtMs) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  process.stdout.write(`\nTotal time ${formatElapsed(startedAtMs)}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
