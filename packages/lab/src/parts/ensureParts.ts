import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPart } from './buildPart.ts';
import { findPart } from './catalogue.ts';
import { withFileLock } from './fileLock.ts';
import { partKey, partVersion } from './partKey.ts';
import { cacheDir, labPackageDir } from './paths.ts';
import { readGoSource } from './readGoSource.ts';
import { findSystemPrograms } from './systemPrograms.ts';
import type { Log, Part, PartName, ReadyPart } from './types.ts';

/** Where parts are looked for and kept. */
export type PartOptions = {
  env?: NodeJS.ProcessEnv;
  log?: Log;
  /** Folder holding a folder with go.mod and go.sum for each tool. */
  toolsDir?: string;
};

/** Makes one part ready: from the machine, else from the cache, else by building it. */
export async function ensurePart(
  name: PartName,
  options: PartOptions = {},
): Promise<ReadyPart> {
  const {
    env = process.env,
    log = () => {},
    toolsDir = join(labPackageDir(), 'tools'),
  } = options;
  const part = findPart(name);
  const system = await findSystemPrograms(part, env);
  if (system) {
    log(`${name}: taken from ${Object.values(system).join(', ')}`);
    return { name, programs: system, origin: 'system' };
  }
  const toolDir = join(toolsDir, part.tool);
  const goMod = await readFile(join(toolDir, 'go.mod'), 'utf8');
  const goSum = await readFile(join(toolDir, 'go.sum'), 'utf8');
  const version = partVersion(part, goMod);
  const key = partKey({
    part,
    goMod,
    goSum,
    source: part.hasOwnSource ? await readGoSource(toolDir) : undefined,
    platform: process.platform,
    arch: process.arch,
  });
  const target = join(cacheDir(env), 'parts', key);
  if (await exists(target)) {
    return readyPart(part, target, 'cache');
  }
  return withFileLock(
    join(cacheDir(env), 'locks', `${key}.lock`),
    async () => {
      if (await exists(target)) {
        return readyPart(part, target, 'cache');
      }
      const started = Date.now();
      log(
        `${name} ${version}: ${
          part.programs.length > 0 ? 'building from source' : 'fetching'
        }`,
      );
      await buildPart({ part, version, toolDir, target, env, log });
      log(
        `${name} ${version}: ready after ${(
          (Date.now() - started) /
          1000
        ).toFixed(1)} s`,
      );
      return readyPart(part, target, 'built');
    },
    holder =>
      log(
        `${name}: waiting for process ${
          holder ?? '?'
        }, which builds it already`,
      ),
  );
}

/** Makes several parts ready, one after the other: the Go compiler itself uses all cores. */
export async function ensureParts(
  names: readonly PartName[],
  options: PartOptions = {},
): Promise<ReadyPart[]> {
  const ready: ReadyPart[] = [];
  for (const name of names) {
    ready.push(await ensurePart(name, options));
  }
  return ready;
}

function readyPart(
  part: Part,
  target: string,
  origin: 'cache' | 'built',
): ReadyPart {
  return {
    name: part.name,
    programs: Object.fromEntries(
      part.programs.map(program => [
        program.name,
        join(target, 'bin', program.name),
      ]),
    ),
    ...(part.files?.length ? { filesDir: join(target, 'files') } : {}),
    origin,
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
