import { LATTICE_API_VERSION } from '@lattice-portal/backstage-plugin-lattice-common';
import { ResourceKind } from './types';

function kind(
  apiVersion: string,
  name: string,
  plural: string,
  namespaced = true,
): ResourceKind {
  return Object.freeze({ apiVersion, kind: name, plural, namespaced });
}

/** Every kind of object that this plugin reads or writes, by its `kind`. */
export const KINDS = Object.freeze({
  LatticePackage: kind(
    LATTICE_API_VERSION,
    'LatticePackage',
    'latticepackages',
  ),
  LatticeMeshMember: kind(
    LATTICE_API_VERSION,
    'LatticeMeshMember',
    'latticemeshmembers',
  ),
  LatticeService: kind(
    LATTICE_API_VERSION,
    'LatticeService',
    'latticeservices',
  ),
  CedarPolicy: kind(LATTICE_API_VERSION, 'CedarPolicy', 'cedarpolicies'),
  ExternalSecret: kind(
    'external-secrets.io/v1',
    'ExternalSecret',
    'externalsecrets',
  ),
  ClusterSecretStore: kind(
    'external-secrets.io/v1',
    'ClusterSecretStore',
    'clustersecretstores',
    false,
  ),
  CiliumNetworkPolicy: kind(
    'cilium.io/v2',
    'CiliumNetworkPolicy',
    'ciliumnetworkpolicies',
  ),
  CiliumClusterwideNetworkPolicy: kind(
    'cilium.io/v2',
    'CiliumClusterwideNetworkPolicy',
    'ciliumclusterwidenetworkpolicies',
    false,
  ),
  NetworkPolicy: kind(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'networkpolicies',
  ),
  AuthorizationPolicy: kind(
    'security.istio.io/v1',
    'AuthorizationPolicy',
    'authorizationpolicies',
  ),
  PeerAuthentication: kind(
    'security.istio.io/v1',
    'PeerAuthentication',
    'peerauthentications',
  ),
  Pod: kind('v1', 'Pod', 'pods'),
  Namespace: kind('v1', 'Namespace', 'namespaces', false),
  Secret: kind('v1', 'Secret', 'secrets'),
  Service: kind('v1', 'Service', 'services'),
  Lease: kind('coordination.k8s.io/v1', 'Lease', 'leases'),
  Deployment: kind('apps/v1', 'Deployment', 'deployments'),
  StatefulSet: kind('apps/v1', 'StatefulSet', 'statefulsets'),
  DaemonSet: kind('apps/v1', 'DaemonSet', 'daemonsets'),
  Job: kind('batch/v1', 'Job', 'jobs'),
  CustomResourceDefinition: kind(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    false,
  ),
  Event: kind('events.k8s.io/v1', 'Event', 'events'),
});
