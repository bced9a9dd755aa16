import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** A packed chart made of the given files, in memory. */
export function packChart(
  name: string,
  version: string,
  files: Record<string, string> = {},
): Buffer {
  return packTar({
    [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: 7.2\n`,
    ...Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]),
    ),
  });
}

/** A gzipped tar of files; a text that begins with `->` makes a symbolic link. */
export function packTar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const isLink = text.startsWith('->');
    const body = Buffer.from(isLink ? '' : text);
    const header = new Header({
      path,
      mode: 0o644,
      size: body.length,
      type: isLink ? 'SymbolicLink' : 'File',
      ...(isLink ? { linkpath: text.slice(2) } : {}),
      mtime: new Date(0),
    });
    const block = Buffer.alloc(512);
    header.encode(block);
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
    return [block, body, padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
