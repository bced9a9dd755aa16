import { readFile } from 'node:fs/promises';
import { ALL_PARTS, startLab } from './lab/startLab.ts';
import type { Lab } from './lab/Lab.ts';
import { labFilePath } from './lab/labFile.ts';
import type { LabPart } from './lab/types.ts';
import { stateDir } from './parts/paths.ts';

const USAGE = `Usage: lab [PART...]   run the lab in the foreground until Ctrl-C
Parts: ${ALL_PARTS.join(', ')}, helm3 (default: all but helm3)`;

const started = Date.now();

function elapsed(): string {
  return `${((Date.now() - started) / 1000).toFixed(0)} s`;
}

function log(line: string): void {
  process.stdout.write(`[${elapsed().padStart(6)}] ${line}\n`);
}

/** Resolves with the exit status when the lab has to stop. */
function whenToStop(): {
  asked: Promise<number>;
  fail: (reason: string) => void;
} {
  let resolve: (code: number) => void = () => {};
  const asked = new Promise<number>(settle => {
    resolve = settle;
  });
  process.on('SIGINT', () => resolve(0));
  process.on('SIGTERM', () => resolve(0));
  process.on('SIGHUP', () => resolve(0));
  return {
    asked,
    fail: reason => {
      process.stderr.write(`The lab has failed: ${reason}\n`);
      resolve(1);
    },
  };
}

async function main(args: string[]): Promise<number> {
  const known: string[] = [...ALL_PARTS, 'helm3'];
  if (args.some(arg => !known.includes(arg))) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const { asked, fail } = whenToStop();
  const starting = startLab({ parts: [], log });
  const lab = await starting;
  lab.onFailure(fail);
  const parts = args.length > 0 ? (args as LabPart[]) : ALL_PARTS;
  const ready = lab.start(...parts).then(() => announce(lab, parts));
  ready.catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
  const code = await asked;
  log('stopping');
  await lab.stop();
  log('stopped');
  return code;
}

async function announce(lab: Lab, parts: readonly LabPart[]): Promise<void> {
  if (ALL_PARTS.every(part => parts.includes(part))) {
    await lab.describe();
    const path = labFilePath(stateDir());
    const { registry, forge } = JSON.parse(await readFile(path, 'utf8')) as Lab;
    log(
      `kubeconfig ${lab.kubeconfig}, registry ${registry.url}, forge ${forge.url}, all in ${path}`,
    );
  }
  process.stdout.write(
    `Lab is ready after ${elapsed()} (${parts.join(', ')}); Ctrl-C stops it\n`,
  );
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  },
);
