import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes this process the only one that runs a lab in the folder and returns what gives the claim back. A claim of a
 * process that is gone is taken over.
 */
export async function claimDataDir(
  dataDir: string,
): Promise<() => Promise<void>> {
  const path = join(dataDir, 'lab.pid');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder && isAlive(holder)) {
      throw new Error(
        `A lab runs in ${dataDir} already (process ${holder}); stop it, or set LATTICE_HOME to another folder`,
      );
    }
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
