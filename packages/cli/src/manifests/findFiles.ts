import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadUse } from '../BadUse';

/** A file to read, and whether the user named it or its folder. */
export interface FoundFile {
  readonly path: string;
  readonly isNamed: boolean;
}

const MANIFEST = /\.(ya?ml|json)$/i;
const SKIPPED = ['node_modules'];

function walk(folder: string): FoundFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || SKIPPED.includes(entry.name)
          ? []
          : walk(path);
      }
      return entry.isFile() && MANIFEST.test(entry.name)
        ? [{ path, isNamed: false }]
        : [];
    });
}

/** The manifests at these paths, each once, in a stable order. Folders are searched; hidden ones are not. */
export function findFiles(paths: readonly string[]): FoundFile[] {
  const found = paths.flatMap(path => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) {
      throw new BadUse(`${path}: there is no such file or folder`);
    }
    return stat.isDirectory() ? walk(path) : [{ path, isNamed: true }];
  });
  return [...new Map(found.map(file => [file.path, file])).values()];
}
