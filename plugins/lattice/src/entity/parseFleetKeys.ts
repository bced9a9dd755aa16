import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';

/** What an annotation names, and the parts that name nothing. */
export interface ParsedFleetKeys {
  readonly keys: readonly FleetKey[];
  readonly invalid: readonly string[];
}

/** Reads `<cluster>/<namespace>/<name>`, several separated by commas; repeats are dropped. */
export function parseFleetKeys(
  annotation: string | undefined,
): ParsedFleetKeys {
  const keys = new Map<string, FleetKey>();
  const invalid: string[] = [];
  for (const part of (annotation ?? '').split(',')) {
    const text = part.trim();
    if (text === '') continue;
    const [cluster, namespace, name, ...rest] = text.split('/');
    if (cluster && namespace && name && rest.length === 0) {
      keys.set(text, { cluster, namespace, name });
    } else {
      invalid.push(text);
    }
  }
  return { keys: [...keys.values()], invalid };
}

/** `cluster/namespace/name`, as annotations write it. */
export function formatFleetKey(key: FleetKey): string {
  return `${key.cluster}/${key.namespace}/${key.name}`;
}
