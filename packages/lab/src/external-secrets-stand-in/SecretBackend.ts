import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { withFileLock } from '../parts/fileLock.ts';

/** Called after each change, so that another store can follow. */
export type BackendListener = () => Promise<void>;

/**
 * The store behind every SecretStore of the lab: a folder with one JSON file for each key, `<key>.json`, an object of
 * properties. A test rotates a value by writing the file, by hand or through `set`.
 */
export class SecretBackend {
  private readonly dir: string;
  private readonly onChange: BackendListener;

  constructor(dir: string, onChange: BackendListener = async () => {}) {
    this.dir = dir;
    this.onChange = onChange;
  }

  /** JSON text of a key, or undefined when there is no such key. */
  async get(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.pathOf(key), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }

  /** Sets one property of a key and leaves its others. */
  async set(key: string, property: string, value: string): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await withFileLock(`${path}.lock`, async () => {
      const now = JSON.parse((await this.get(key)) ?? '{}') as Record<
        string,
        unknown
      >;
      const temporary = `${path}.${process.pid}`;
      await writeFile(
        temporary,
        JSON.stringify({ ...now, [property]: value }),
        { mode: 0o600 },
      );
      await rename(temporary, path);
    });
    await this.onChange();
  }

  /** Removes a key with all its properties; no-op when there is none. */
  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
    await this.onChange();
  }

  /** All keys with their JSON text. */
  async entries(): Promise<{ key: string; value: string }[]> {
    const found = await readdir(this.dir, {
      recursive: true,
      withFileTypes: true,
    });
    const files = found.filter(
      entry => entry.isFile() && entry.name.endsWith('.json'),
    );
    return Promise.all(
      files.map(async entry => {
        const path = join(entry.parentPath, entry.name);
        const key = relative(this.dir, path)
          .split(sep)
          .join('/')
          .replace(/\.json$/, '');
        return { key, value: await readFile(path, 'utf8') };
      }),
    );
  }

  private pathOf(key: string): string {
    const segments = key.split('/');
    if (
      segments.some(
        segment => segment === '' || segment === '.' || segment === '..',
      )
    ) {
      throw new Error(
        'A key of the secret store is a relative path without empty, "." and ".." segments',
      );
    }
    return `${join(this.dir, ...segments)}.json`;
  }
}
