import { Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadUse } from '../BadUse';

/** A file to read, and whether the user named it or its folder. */
export interface FoundFile {
  readonly path: string;
  readonly isNamed: boolean;
}

/** What was found, and what could not be looked into. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly unreadable: readonly string[];
}

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-';

const MANIFEST = /\.(ya?ml|json)$/i;
const SKIPPED = ['node_modules'];
/** Beside this file lie texts that only Helm makes manifests of. */
const CHART = 'Chart.yaml';
const CHART_TEMPLATES = 'templates';

function isSkipped(name: string): boolean {
  return name.startsWith('.') || SKIPPED.includes(name);
}

type Kind = 'file' | 'folder' | 'other';

function kindOf(path: string, entry?: Dirent): Kind | undefined {
  const known = entry?.isSymbolicLink() ? undefined : entry;
  const stat = known ?? statSync(path, { throwIfNoEntry: false });
  if (!stat) {
    return undefined;
  }
  if (stat.isDirectory()) {
    return 'folder';
  }
  return stat.isFile() ? 'file' : 'other';
}

/**
 * Follows links, so that nothing that belongs to a folder goes unchecked, but looks into each folder and takes each
 * file once: a link may lead back up.
 */
class Search {
  readonly files: FoundFile[] = [];
  readonly unreadable: string[] = [];
  private readonly known = new Set<string>();

  /** `real` is the path without links, where it is known already. */
  take(path: string, isNamed: boolean, real = realpathSync(path)): void {
    if (this.isNew(real)) {
      this.files.push({ path, isNamed });
    }
  }

  walk(folder: string, real = realpathSync(folder)): void {
    if (!this.isNew(real)) {
      return;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      this.unreadable.push(folder);
      return;
    }
    const isChart = entries.some(({ name }) => name === CHART);
    entries
      .filter(({ name }) => !isSkipped(name))
      .filter(({ name }) => !(isChart && name === CHART_TEMPLATES))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .forEach(entry => this.visit(folder, real, entry));
  }

  private visit(folder: string, realFolder: string, entry: Dirent): void {
    const path = join(folder, entry.name);
    const real = entry.isSymbolicLink()
      ? undefined
      : join(realFolder, entry.name);
    const isManifest = MANIFEST.test(entry.name);
    const kind = tryKindOf(path, entry);
    if (kind === 'folder') {
      this.walk(path, real);
    } else if (kind === 'file' && isManifest) {
      this.take(path, false, real);
    } else if (kind === undefined && isManifest) {
      this.unreadable.push(path);
    }
  }

  private isNew(real: string): boolean {
    const isNew = !this.known.has(real);
    this.known.add(real);
    return isNew;
  }
}

function tryKindOf(path: string, entry: Dirent): Kind | undefined {
  try {
    return kindOf(path, entry);
  } catch {
    // A link that leads to itself, or through a folder that may not be entered.
    return undefined;
  }
}

function namedKind(path: string): Kind {
  let kind: Kind | undefined;
  try {
    kind = kindOf(path);
  } catch {
    throw new BadUse(`${path}: cannot be read`);
  }
  if (!kind) {
    throw new BadUse(`${path}: there is no such file or folder`);
  }
  return kind;
}

/** The manifests at these paths, each once, in a stable order. Folders are searched; hidden ones are not. */
export function findFiles(paths: readonly string[]): FoundFiles {
  const search = new Search();
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      if (!search.files.some(file => file.path === path)) {
        search.files.push({ path, isNamed: true });
      }
    } else if (namedKind(path) === 'folder') {
      search.walk(path);
    } else {
      search.take(path, true);
    }
  }
  return search;
}
