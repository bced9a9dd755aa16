import { groupOf } from '@lattice-portal/backstage-plugin-lattice-node';
import { ResourceCache, ResourceKind } from '../clusters/types';
import { InventoryObject, resourceKindOf } from './releaseInventory';

/** Groups without a dot, and those of Kubernetes itself, are not defined by custom resources. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/**
 * How an object is asked for, by the cluster's own definitions for a custom kind: its plural and scope cannot be guessed,
 * and a wrong guess would read as an object that is gone.
 *
 * @throws Error for people while the definitions are not all read, because then nothing can be told.
 */
export function definedKindOf(
  object: InventoryObject,
  definitions: Pick<ResourceCache, 'list' | 'isComplete' | 'error'>,
): ResourceKind {
  const group = groupOf(object.apiVersion);
  const names = definitions
    .list()
    .map(({ spec }) => spec as DefinitionSpec | undefined)
    .find(it => it?.group === group && it.names?.kind === object.kind);
  if (names?.names?.plural) {
    return {
      apiVersion: object.apiVersion,
      kind: object.kind,
      plural: names.names.plural,
      namespaced: names.scope !== 'Cluster',
    };
  }
  if (!isBuiltIn(group) && !definitions.isComplete) {
    throw new Error(
      `Whether ${object.kind} ${
        object.name
      } is still there cannot be told: the CustomResourceDefinitions of the cluster are not all read (${
        definitions.error ?? 'the first list is under way'
      }).`,
    );
  }
  return resourceKindOf(object);
}

interface DefinitionSpec {
  readonly group?: string;
  readonly names?: { readonly kind?: string; readonly plural?: string };
  readonly scope?: string;
}
