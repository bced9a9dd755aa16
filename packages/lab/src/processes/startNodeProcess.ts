import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabContext } from '../lab/types.ts';
import { labPackageDir } from '../parts/paths.ts';
import { nodeArguments } from './nodeArguments.ts';
import { startProcess } from './startProcess.ts';

/** One of our own TypeScript files run as a process; the file of `readyFile` tells that it is ready. */
export type NodeProcessOptions = {
  name: string;
  main: string;
  args: string[];
  readyFile: string;
};

/** Starts a process of ours with this Node and waits until it says that it is ready. */
export async function startNodeProcess(
  context: LabContext,
  { name, main, args, readyFile }: NodeProcessOptions,
): Promise<void> {
  await rm(readyFile, { force: true });
  await startProcess(context, {
    name,
    program: process.execPath,
    args: [...nodeArguments(), join(labPackageDir(), 'src', main), ...args],
    isReady: async () => {
      await access(readyFile);
      return true;
    },
  });
}
