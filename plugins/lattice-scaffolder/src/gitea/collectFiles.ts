import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError, isError } from '@backstage/errors';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ProposedFile } from './types';

/** More than this in one pull request is a mistake of the template, such as a wrong sourcePath. */
export const MAX_FILES = 200;
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Reads the files below `sourcePath` of the workspace as they shall lie below `folder` of the repository, sorted.
 * Links are refused (they could bring in files of the backend's machine), and so are hidden files and folders
 * (they could bring in what the forge or its CI runs).
 */
export async function collectFiles(
  workspacePath: string,
  sourcePath: string,
  folder: string,
): Promise<ProposedFile[]> {
  const root = resolveSafeChildPath(workspacePath, sourcePath);
  const paths = (await listFiles(root)).sort();
  if (paths.length === 0) {
    throw new InputError(
      `There is no file below ${sourcePath} of the workspace; check sourcePath`,
    );
  }
  if (paths.length > MAX_FILES) {
    throw new InputError(
      `${paths.length} files are more than a pull request may have here (${MAX_FILES}); check sourcePath`,
    );
  }
  const files: ProposedFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const content = await readFile(path);
    bytes += content.length;
    if (bytes > MAX_BYTES) {
      throw new InputError(
        `The files are larger than ${MAX_BYTES} bytes together; check sourcePath`,
      );
    }
    const below = relative(root, path).split(sep).join('/');
    files.push({ path: checkRepositoryPath(`${folder}/${below}`), content });
  }
  return files;
}

/** A path inside a repository without empty, parent or hidden segments. Throws an InputError else. */
export function checkRepositoryPath(path: string): string {
  const segments = path.split('/');
  const isSafe = segments.every(
    segment =>
      segment !== '' &&
      !segment.startsWith('.') &&
      // eslint-disable-next-line no-control-regex
      !/[\u0000-\u001f\u007f\\]/.test(segment),
  );
  if (!isSafe) {
    throw new InputError(
      `${JSON.stringify(
        path,
      )} is not a path that a pull request may touch: give a folder such as clusters/lab/data/redis, with no empty segment and none that starts with a dot`,
    );
  }
  return path;
}

async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readNames(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path);
    if (stats.isDirectory()) {
      found.push(...(await listFiles(path)));
    } else if (stats.isFile()) {
      found.push(path);
    } else {
      throw new InputError(
        `${name} in the workspace is a link or a special file; a pull request takes plain files only`,
      );
    }
  }
  return found;
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const isMissing =
      isError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (isMissing) {
      return [];
    }
    throw error;
  }
}
