import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 300;

/**
 * Runs the work while holding a lock file that holds this process's id. Waits for another holder; a lock whose holder
 * is gone is taken over.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: number | undefined) => void = () => {},
): Promise<T> {
  await acquire(path, onWait);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(
  path: string,
  onWait: (holder: number | undefined) => void,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let announced = false;
  for (;;) {
    if (await create(path)) {
      return;
    }
    const holder = await readHolder(path);
    if (holder !== undefined && !isAlive(holder)) {
      await rm(path, { force: true });
    } else {
      if (!announced) {
        onWait(holder);
        announced = true;
      }
      await delay(POLL_MS);
    }
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function readHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text ? Number(text) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
