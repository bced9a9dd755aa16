/** Runs every `*.bench.ts`; figures are for comparing runs on one machine, never for passing or failing. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { ROOT } from './stages.mjs';

const files = globSync('{packages,plugins}/*/bench/**/*.bench.ts', {
  cwd: ROOT,
}).sort();
for (const file of files) {
  process.stdout.write(`\n${file}\n`);
  const { status } = spawnSync(
    process.execPath,
    ['--require', '@backstage/cli/config/nodeTransform.cjs', file],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (status !== 0) {
    process.exitCode = 1;
  }
}
