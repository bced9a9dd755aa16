import {
  AgreementGraph,
  ClusterProfile,
  ExplainWorld,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { namespacesIn, podOf } from '../manifests/podOf';
import { LoadedMembers } from './loadMembers';

const POLICY_KINDS = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
];

/**
 * What an explanation looks at. Running pods tell what runs; where none are given, as in a repository of manifests,
 * nothing is said of pods and accounts, which charts and operators bring.
 */
export function explainWorld(
  { members, manifests }: LoadedMembers,
  profile: ClusterProfile,
): ExplainWorld {
  const { context } = manifests;
  const graph = new AgreementGraph();
  members.forEach(({ object }) => graph.set(object));
  const namespaces = namespacesIn(context);
  const pods = context
    .flatMap(object => podOf(object, namespaces) ?? [])
    .filter(({ isRunning }) => isRunning);
  const serviceAccounts = context
    .filter(({ kind }) => kind === 'ServiceAccount')
    .flatMap(({ metadata: { namespace, name } }) =>
      namespace === undefined ? [] : { namespace, name },
    );
  return {
    graph,
    profile,
    foreignPolicies: context.filter(({ kind }) => POLICY_KINDS.includes(kind)),
    ...(namespaces.size > 0
      ? {
          namespaces: [...namespaces].map(([name, labels]) => ({
            name,
            labels,
          })),
        }
      : {}),
    ...(pods.length > 0 ? { pods, serviceAccounts } : {}),
  };
}
