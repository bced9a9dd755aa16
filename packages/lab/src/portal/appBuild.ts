import { createHash } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the built app is made of; a change of any byte of it makes the build stale. */
const INPUTS = [
  'packages/app/src',
  'packages/app/public',
  'packages/app/package.json',
  'plugins/lattice/src',
  'plugins/lattice/package.json',
  'plugins/lattice-common/src',
  'plugins/lattice-common/package.json',
  'app-config.yaml',
  'yarn.lock',
];
const STAMP = 'packages/app/dist/.inputs';

/** Digest over the names and contents of everything that the app is built from. */
export async function digestAppInputs(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of await filesBelow(join(root, input))) {
      hash.update(file.slice(root.length)).update('\0');
      hash.update(await readFile(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Whether the app must be built again, and the digest that the build will have. */
export async function inspectAppBuild(
  root: string,
): Promise<{ isStale: boolean; digest: string }> {
  const digest = await digestAppInputs(root);
  const built = await readFile(join(root, STAMP), 'utf8').catch(() => '');
  return { isStale: built !== digest, digest };
}

/** Remembers what the build in `dist` was made of. */
export async function stampAppBuild(
  root: string,
  digest: string,
): Promise<void> {
  await writeFile(join(root, STAMP), digest);
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    return [];
  }
  if (!found.isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}
