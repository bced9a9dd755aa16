import { ALL_PARTS, startLab } from './lab/startLab.ts';
import { labFilePath } from './lab/labFile.ts';
import type { LabPart } from './lab/types.ts';
import { stateDir } from './parts/paths.ts';
import { runInForeground } from './processes/runInForeground.ts';

const USAGE = `Usage: lab [PART...]   run the lab in the foreground until Ctrl-C
Parts: ${ALL_PARTS.join(', ')}, helm3 (default: all but helm3)`;

const args = process.argv.slice(2);
const known: readonly string[] = [...ALL_PARTS, 'helm3'];
if (args.some(arg => !known.includes(arg))) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const parts = args.length > 0 ? (args as LabPart[]) : ALL_PARTS;
const startedAtMs = Date.now();

void runInForeground(async ({ log, onStop, fail }) => {
  const lab = await startLab({ parts: [], log });
  onStop(() => lab.stop());
  lab.onFailure(fail);
  await lab.start(...parts);
  if (ALL_PARTS.every(part => parts.includes(part))) {
    await lab.describe();
    log(
      `kubeconfig ${lab.kubeconfig}, registry ${lab.registry.url}, forge ${
        lab.forge.url
      }, all in ${labFilePath(stateDir())}`,
    );
  }
  const seconds = Math.round((Date.now() - startedAtMs) / 1000);
  process.stdout.write(
    `Lab is ready after ${seconds} s (${parts.join(', ')}); Ctrl-C stops it\n`,
  );
});
