import { parseAllDocuments } from 'yaml';
import {
  kubernetesTags,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** A rendered manifest that is no YAML. The message never quotes the text, which may hold secrets. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** Documents above this number are refused. */
const MAX_DOCUMENTS = 5_000;
const MAX_ALIASES = 100;

/**
 * The objects of a multi-document manifest; `List` objects are unfolded, empty documents dropped.
 * Read as Helm and the API server do (`yes` is true there, `e0` is a text, and the last of two equal keys wins).
 */
export function parseManifest(manifest: string): KubernetesObject[] {
  const documents = parseAllDocuments(manifest, {
    version: '1.1',
    uniqueKeys: false,
    customTags: kubernetesTags,
  });
  if (!Array.isArray(documents)) {
    return [];
  }
  if (documents.length > MAX_DOCUMENTS) {
    throw new ManifestError(
      `The manifest has more than ${MAX_DOCUMENTS} documents.`,
    );
  }
  return documents.flatMap((document, index) => {
    const error = document.errors[0];
    if (error) {
      throw new ManifestError(
        `Document ${index + 1} of the manifest is no YAML (${error.code}).`,
      );
    }
    return unfold(document.toJS({ maxAliasCount: MAX_ALIASES }));
  });
}

function unfold(value: unknown): KubernetesObject[] {
  if (!isObjectLike(value)) {
    return [];
  }
  const items = (value as { items?: unknown }).items;
  if (value.kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap(unfold);
  }
  return [named(value)];
}

function isObjectLike(value: unknown): value is KubernetesObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as KubernetesObject).kind === 'string' &&
    typeof (value as KubernetesObject).apiVersion === 'string'
  );
}

/** Every object counts, also one whose name YAML takes for a number or a truth value: none may slip past a scan. */
function named(object: KubernetesObject): KubernetesObject {
  const metadata: Partial<KubernetesObject['metadata']> =
    typeof object.metadata === 'object' && object.metadata !== null
      ? object.metadata
      : {};
  const name = String(metadata.name ?? metadata.generateName ?? '');
  return { ...object, metadata: { ...metadata, name } };
}
