/**
 * The test command. Unit tests need no part of the lab; the parts are built beside them, so that the suites on
 * the real control plane and in the browser find them ready. `--unit` stops before those.
 */
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
const yarn = path.join(ROOT, '.yarn/releases/yarn-4.13.0.cjs');

function buildParts() {
  return runLogged(
    process.execPath,
    [
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      'packages/lab/src/parts/main.ts',
      'build',
    ],
    { logFile: path.join(STATE_DIR, 'logs', 'parts.log'), isLoud: true },
  );
}

const results = [];
const parts = isUnitOnly ? undefined : buildParts();
results.push(await checkStage('types', process.execPath, [yarn, 'tsc']));
results.push(
  await checkStage('lint', process.execPath, ['scripts/lint.mjs', '--quiet']),
);
results.push(
  await jestStage('unit', [
    '--testPathIgnorePatterns',
    '\\.(lab|browser|soak)\\.test\\.tsx?$',
    '/node_modules/',
  ]),
);
if (parts) {
  const code = await parts;
  results.push({
    name: 'parts',
    passed: code === 0 ? 1 : 0,
    failed: code === 0 ? 0 : 1,
  });
  if (code === 0) {
    results.push(
      await jestStage('lab', [
        '--runInBand',
        '--testPathPatterns',
        isSoak ? '\\.(lab|soak)\\.test\\.ts$' : '\\.lab\\.test\\.ts$',
      ]),
    );
    results.push(
      await jestStage('browser', [
        '--runInBand',
        '--testPathPatterns',
        '\\.browser\\.test\\.ts$',
      ]),
    );
  }
}
closeWith(results, startedAtMs);
