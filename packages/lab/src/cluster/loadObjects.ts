import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './KubernetesClient.ts';

/** Objects of a text with one or several YAML documents; empty documents are left out. Throws on text that is no YAML. */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap(document => {
    if (document.errors.length > 0) {
      throw document.errors[0];
    }
    const value = document.toJS() as
      | (KubernetesObject & { items?: KubernetesObject[] })
      | null;
    if (!value) {
      return [];
    }
    return value.kind === 'List' ? value.items ?? [] : [value];
  });
}

/** Objects of a file, or of all YAML files right inside a folder, in the order of their names. */
export async function loadObjects(path: string): Promise<KubernetesObject[]> {
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder
    ? (await readdir(path))
        .filter(name => /\.ya?ml$/.test(name))
        .sort()
        .map(name => join(path, name))
    : [path];
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8')));
  return texts.flatMap(parseObjects);
}
