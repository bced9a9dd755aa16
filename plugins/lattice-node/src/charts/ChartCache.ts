import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * Packed charts on disk, named by the digest of their bytes: two charts never share a file, whatever their names are.
 * Safe to lose at any time.
 */
export class ChartCache {
  constructor(private readonly directory: string) {}

  /** Where a chart lies, or would lie. */
  pathOf(digest: string): string {
    const hex = DIGEST.exec(digest)?.[1];
    if (!hex) {
      throw new TypeError('A chart is cached by its sha256 digest only.');
    }
    return path.resolve(this.directory, `${hex}.tgz`);
  }

  /** The bytes, verified again: a disk may lie. `undefined` when absent or damaged. */
  async read(digest: string): Promise<Buffer | undefined> {
    const file = this.pathOf(digest);
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (`sha256:${actual}` === digest) {
      return bytes;
    }
    await rm(file, { force: true });
    return undefined;
  }

  /** Writes whole files only, so that a reader never sees a part. */
  async write(digest: string, bytes: Buffer): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const temporary = path.join(this.directory, `.${randomUUID()}.part`);
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, this.pathOf(digest));
  }
}
