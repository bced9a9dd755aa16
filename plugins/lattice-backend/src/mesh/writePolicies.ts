import {
  KubernetesObject,
  PolicyWrite,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterClient, ResourceKind } from '../clusters/types';

/**
 * Carries a plan out, one write after the other. Each write is conditional on the version last seen, so that whatever
 * somebody else wrote in between ends the pass with a conflict instead of being lost.
 *
 * @returns the policies that the key has now
 */
export async function writePolicies(options: {
  readonly client: ClusterClient;
  readonly kinds: readonly ResourceKind[];
  readonly plan: readonly PolicyWrite[];
  readonly live: readonly KubernetesObject[];
  readonly signal: AbortSignal;
}): Promise<KubernetesObject[]> {
  const { client, plan, signal } = options;
  const held = new Map(options.live.map(object => [idOf(object), object]));
  for (const { verb, object } of plan) {
    const id = idOf(object);
    const kind = kindOf(options.kinds, object);
    const { uid, resourceVersion } = held.get(id)?.metadata ?? {};
    const { name, namespace = '' } = object.metadata;
    switch (verb) {
      case 'create':
        held.set(id, await client.create(kind, object, { signal }));
        break;
      case 'replace': {
        const metadata = { ...object.metadata, uid, resourceVersion };
        const body = { ...object, metadata };
        held.set(id, await client.replace(kind, body, { signal }));
        break;
      }
      default:
        await client.delete(
          kind,
          { namespace, name },
          { uid, resourceVersion, signal },
        );
        held.delete(id);
    }
  }
  return [...held.values()];
}

function kindOf(
  kinds: readonly ResourceKind[],
  object: KubernetesObject,
): ResourceKind {
  const kind = kinds.find(one => one.kind === object.kind);
  if (!kind) throw new Error(`${object.kind} is not a kind of policy here`);
  return kind;
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
