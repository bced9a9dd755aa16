import { access, mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { withFileLock } from './parts/fileLock.ts';
import { cacheDir } from './parts/paths.ts';
import { findExecutable } from './parts/systemPrograms.ts';

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Path of a Chromium for tests: that of the system, or the one that an npm package carries, unpacked into the cache
 * once. The package's binary runs on Linux on amd64 alone.
 */
export async function chromiumExecutable(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const name of SYSTEM_NAMES) {
    const found = await findExecutable(name, env);
    if (found) {
      return found;
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found on PATH: install Chromium or Chrome for the browser tests');
  }
  const require = createRequire(import.meta.url);
  const packageFile = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..', 'package.json');
  const { version } = require(packageFile) as { version: string };
  const folder = join(cacheDir(env), 'chromium', version);
  const target = join(folder, 'chromium');
  await mkdir(folder, { recursive: true });
  await withFileLock(join(folder, 'lock'), async () => {
    if (!(await exists(target))) {
      await unpack(target);
    }
  });
  return target;
}

async function unpack(target: string): Promise<void> {
  const { default: chromium } = await import('@sparticuz/chromium');
  const unpacked = await chromium.executablePath();
  await rename(unpacked, target);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
