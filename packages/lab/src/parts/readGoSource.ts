import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Text of the Go files in a folder, each under its name. */
export async function readGoSource(dir: string): Promise<string> {
  const names = (await readdir(dir)).filter(name => name.endsWith('.go'));
  const files = await Promise.all(
    names
      .sort()
      .map(async name => [name, await readFile(join(dir, name), 'utf8')]),
  );
  return JSON.stringify(files);
}
