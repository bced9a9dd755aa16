/**
 * The test command. Unit tests need no part of the lab; the parts are built beside them, so that the suites on
 * the real control plane and in the browser find them ready. `--unit` stops before those. The judges, real policy
 * engines that only their own suites ask, are built last.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import {
  ROOT,
  STATE_DIR,
  checkStage,
  closeWith,
  jestStage,
  runLogged,
} from './stages.mjs';

const startedAtMs = Date.now();
const isUnitOnly = process.argv.includes('--unit');
const isSoak = process.argv.includes('--soak');
if (isSoak) {
  // Long runs look at worlds that no run has looked at before; the seed is printed.
  process.env.LATTICE_SEED ??= String(startedAtMs % 1_000_000);
  process.env.LATTICE_WORLDS ??= '500';
}
const yarn = path.join(ROOT, '.yarn/releases/yarn-4.13.0.cjs');

function buildParts(log, names = []) {
  return runLogged(
    process.execPath,
    [
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      'packages/lab/src/parts/main.ts',
      'build',
      ...names,
    ],
    { logFile: path.join(STATE_DIR, 'logs', `${log}.log`), isLoud: true },
  );
}

function builtResult(name, code) {
  const isOk = code === 0;
  return { name, passed: isOk ? 1 : 0, failed: isOk ? 0 : 1 };
}

const results = [];
const parts = isUnitOnly ? undefined : buildParts('parts');
const judges = parts?.then(() => buildParts('judges', ['judges']));
results.push(
  ...(await Promise.all([
    checkStage('types', process.execPath, [yarn, 'tsc']),
    checkStage('lint', process.execPath, ['scripts/lint.mjs', '--quiet']),
  ])),
);
results.push(
  await jestStage('unit', [
    '--testPathIgnorePatterns',
    '\\.(judged|lab|browser|soak)\\.test\\.tsx?$',
    '/node_modules/',
  ]),
);
if (parts) {
  const code = await parts;
  results.push(builtResult('parts', code));
  const judgesCode = await judges;
  results.push(builtResult('judges', judgesCode));
  if (judgesCode === 0) {
    results.push(
      await jestStage('judged', [
        '--runInBand',
        '--testPathPatterns',
        '\\.judged\\.test\\.ts$',
      ]),
    );
  }
  if (code === 0) {
    // Each suite has a lab of its own and mostly waits for it, so two go side by side even on two cores.
    results.push(
      await jestStage('lab and browser', [
        `--maxWorkers=${Math.max(2, Math.floor(availableParallelism() / 2))}`,
        '--testPathPatterns',
        `\\.(lab|browser${isSoak ? '|soak' : ''})\\.test\\.ts$`,
      ]),
    );
  }
}
closeWith(results, startedAtMs);
