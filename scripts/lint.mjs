/** Style, import direction, formatting. Type checks and stale generated files have their own stages and tests. */
import path from 'node:path';
import { ROOT, checkStage } from './stages.mjs';

const bin = name => path.join(ROOT, 'node_modules/.bin', name);
const results = [
  await checkStage('eslint', bin('eslint'), [
    '--cache',
    '--cache-location',
    '.lattice/eslintcache',
    '--max-warnings=0',
    '--ext',
    'ts,tsx,js,mjs',
    'packages',
    'plugins',
    'scripts',
  ]),
  await checkStage('prettier', bin('prettier'), [
    '--check',
    '--loglevel=warn',
    'packages/*/src/**/*.{ts,tsx}',
    'plugins/*/src/**/*.{ts,tsx}',
    'scripts/*.mjs',
    '*.{js,json,yaml,md}',
  ]),
];
process.exitCode = results.some(result => result.failed > 0) ? 1 : 0;
