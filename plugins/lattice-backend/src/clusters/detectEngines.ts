import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterConnection, ResourceCache, ResourceKind } from './types';

/** Definitions of custom resources: what a cluster can do is read off them. */
export const CUSTOM_RESOURCE_DEFINITIONS: ResourceKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Which companions a cluster has, by the kinds that it serves. */
export interface DetectedEngines {
  readonly cilium: boolean;
  readonly istio: boolean;
  readonly externalSecrets: boolean;
  /** false: the definitions have not all been read; what reads `false` above may yet turn out `true`. */
  readonly isComplete: boolean;
}

/** Names of the definitions that show an engine; all of one list must be established. */
const evidence = {
  cilium: ['ciliumnetworkpolicies.cilium.io'],
  istio: [
    'authorizationpolicies.security.istio.io',
    'peerauthentications.security.istio.io',
  ],
  externalSecrets: ['externalsecrets.external-secrets.io'],
} as const;

/** Reads off the cached definitions which engines there are. Starts that cache if it does not run yet. */
export function detectEngines(connection: ClusterConnection): DetectedEngines {
  const definitions = connection.cache(CUSTOM_RESOURCE_DEFINITIONS);
  const serves = (names: readonly string[]) =>
    names.every(name => isEstablished(definitions, name));
  return {
    cilium: serves(evidence.cilium),
    istio: serves(evidence.istio),
    externalSecrets: serves(evidence.externalSecrets),
    isComplete: definitions.isComplete,
  };
}

function isEstablished(definitions: ResourceCache, name: string): boolean {
  const definition = definitions.get({ name });
  return definition !== undefined && hasEstablishedCondition(definition);
}

/** Whether the API server serves the kind of a definition. */
export function hasEstablishedCondition(definition: KubernetesObject): boolean {
  const status = definition.status as
    | { conditions?: Array<{ type?: string; status?: string }> }
    | undefined;
  return (status?.conditions ?? []).some(
    condition =>
      condition.type === 'Established' && condition.status === 'True',
  );
}
