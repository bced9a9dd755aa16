import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar';
import type { RepositoryFile } from './deliveredObjects.ts';

/** Text files of a gzipped tar whose entries all lie in one folder, as forges pack repositories. */
export async function readArchive(archive: Buffer): Promise<RepositoryFile[]> {
  const files: RepositoryFile[] = [];
  const parser = new Parser({
    onReadEntry: entry => {
      const chunks: Buffer[] = [];
      const path = entry.path.split('/').slice(1).join('/');
      entry.on('data', chunk => chunks.push(chunk));
      entry.on('end', () => {
        if (entry.type === 'File') {
          files.push({ path, text: Buffer.concat(chunks).toString('utf8') });
        }
      });
    },
  });
  await pipeline(
    Readable.from([archive]),
    parser as unknown as NodeJS.WritableStream,
  );
  return files;
}
