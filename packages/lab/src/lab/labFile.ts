import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabFile } from './types.ts';

/** Path of the file that tells where everything of the running lab is. */
export function labFilePath(dataDir: string): string {
  return join(dataDir, 'lab.json');
}

/** Writes the file in one step. Readable by its owner alone: it holds tokens. */
export async function writeLabFile(
  dataDir: string,
  content: LabFile,
): Promise<void> {
  const path = labFilePath(dataDir);
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, {
    mode: 0o600,
  });
  await rename(temporary, path);
}

/** Removes the file; no-op when there is none. */
export async function removeLabFile(dataDir: string): Promise<void> {
  await rm(labFilePath(dataDir), { force: true });
}
