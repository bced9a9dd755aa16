import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Part, SystemCheck } from './types.ts';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 10_000;

/** Folders searched for programs: KUBEBUILDER_ASSETS first, then PATH. */
export function searchFolders(env: NodeJS.ProcessEnv): string[] {
  return [env.KUBEBUILDER_ASSETS, ...(env.PATH ?? '').split(delimiter)].filter(
    (folder): folder is string => Boolean(folder),
  );
}

/** Path of the first executable of that name, or undefined. */
export async function findExecutable(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  for (const folder of searchFolders(env)) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) {
      return path;
    }
  }
  return undefined;
}

/** Whether the text that a program printed names a version inside the accepted range. */
export function acceptsVersion(check: SystemCheck, printed: string): boolean {
  const match = /v?(\d+)\.(\d+)\.\d+/.exec(printed);
  if (!match) {
    return false;
  }
  const version = Number(match[1]) * 10_000 + Number(match[2]);
  const rank = ([major, minor]: readonly [number, number]) =>
    major * 10_000 + minor;
  return version >= rank(check.from) && version < rank(check.before);
}

/**
 * Programs of a part that are on the machine already, by name. Undefined unless all of them are there with an accepted
 * version: a half-found part is built, so that its programs always fit each other.
 */
export async function findSystemPrograms(
  part: Part,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string> | undefined> {
  const { system } = part;
  if (!system || part.files?.length) {
    return undefined;
  }
  const found: Record<string, string> = {};
  for (const program of part.programs) {
    const path = await findExecutable(program.name, env);
    if (!path || !(await hasAcceptedVersion(path, program.name, system))) {
      return undefined;
    }
    found[program.name] = path;
  }
  return found;
}

async function hasAcceptedVersion(
  path: string,
  name: string,
  system: SystemCheck,
): Promise<boolean> {
  const args =
    name === 'kubectl' ? ['version', '--client'] : system.versionArguments;
  const { KUBECONFIG: _dropped, ...env } = process.env;
  try {
    const { stdout } = await run(path, args, {
      timeout: VERSION_TIMEOUT_MS,
      env,
    });
    return acceptsVersion(system, stdout);
  } catch {
    // A program that cannot even say its version is not one to rely on: the part is built instead.
    return false;
  }
}
