import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAB_PACKAGE = resolve(fileURLToPath(import.meta.url), '../../..');

/** Folder of this package. */
export function labPackageDir(): string {
  return LAB_PACKAGE;
}

/** Root of the checkout. */
export function checkoutDir(): string {
  return resolve(LAB_PACKAGE, '../..');
}

/** Folder that keeps built parts between checkouts; `LATTICE_CACHE` moves it. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.LATTICE_CACHE || join(homedir(), '.cache', 'lattice'));
}

/** Folder for all state of this checkout; `LATTICE_HOME` moves it. */
export function stateDir(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.LATTICE_HOME || join(checkoutDir(), '.lattice'));
}
