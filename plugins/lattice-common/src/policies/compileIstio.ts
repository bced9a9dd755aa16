import { LatticeMember } from '../api/memberModel';
import { JsonObject, KubernetesObject } from '../api/object';
import { AgreedPeers } from './agreedPeers';
import { ClusterProfile } from './ClusterProfile';
import { targetLabels } from './memberTarget';
import { isInMesh, portMode, sortPorts } from './openPorts';
import { memberPolicyMetadata, writeEdges } from './policyIdentity';

const API_VERSION = 'security.istio.io/v1';

/**
 * The one AuthorizationPolicy of a member in the mesh. Its mere existence denies whatever no rule allows; every rule
 * says both who and which ports.
 */
export function compileAuthorizationPolicy(
  member: LatticeMember,
  peers: AgreedPeers,
  profile: ClusterProfile,
): KubernetesObject {
  const ports = tcpPorts(member, () => true);
  const open = tcpPorts(member, mode => mode !== 'Strict');
  const callers = peers.callers.filter(caller => isInMesh(caller, profile));
  const own = member.spec.allowPeerTraffic ? [member] : [];
  const rules = [
    ...rule({ principals: principalsOf(callers, profile) }, ports),
    // Plaintext alone: an identity that is not agreed must not pass here. Who may send it is Cilium's decision.
    ...rule({ notPrincipals: ['*'] }, open),
    ...rule({ principals: principalsOf(own, profile) }, ports),
  ];
  return authorizationPolicy(member, peers.edges, rules);
}

/** The same object without rules: it allows nothing. */
export function compileAuthorizationDenyOnly(
  member: LatticeMember,
): KubernetesObject {
  return authorizationPolicy(member, writeEdges([]), []);
}

/** The PeerAuthentication of a member in the mesh that has ports for plaintext; none otherwise. */
export function compilePeerAuthentication(
  member: LatticeMember,
  peers: AgreedPeers,
): KubernetesObject | undefined {
  const open = tcpPorts(member, mode => mode !== 'Strict');
  const labels = targetLabels(member.spec.target);
  if (open.length === 0 || !labels) return undefined;
  return {
    apiVersion: API_VERSION,
    kind: 'PeerAuthentication',
    metadata: memberPolicyMetadata(member, peers.edges),
    spec: {
      selector: { matchLabels: { ...labels } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: Object.fromEntries(
        open.map(port => [port, { mode: 'PERMISSIVE' }]),
      ),
    },
  };
}

function authorizationPolicy(
  member: LatticeMember,
  edges: string,
  rules: JsonObject[],
): KubernetesObject {
  const labels = targetLabels(member.spec.target);
  return {
    apiVersion: API_VERSION,
    kind: 'AuthorizationPolicy',
    metadata: memberPolicyMetadata(member, edges),
    spec: {
      // An empty selector would attach to nothing; without the key it is the whole namespace.
      ...(labels ? { selector: { matchLabels: { ...labels } } } : {}),
      action: 'ALLOW',
      ...(rules.length > 0 ? { rules } : {}),
    },
  };
}

/** Nobody or no ports: no rule. An empty half would mean anyone or any port. */
function rule(
  source: { principals: string[] } | { notPrincipals: string[] },
  ports: readonly string[],
): JsonObject[] {
  const [who] = Object.values(source);
  if (who.length === 0 || ports.length === 0) return [];
  return [{ from: [{ source }], to: [{ operation: { ports: [...ports] } }] }];
}

function principalsOf(
  callers: readonly LatticeMember[],
  { trustDomain }: ClusterProfile,
): string[] {
  const principals = callers.map(({ metadata: { namespace }, spec }) => {
    // The slash before the star keeps `team` from meaning `team-b`.
    const account = 'namespace' in spec.target ? '*' : spec.serviceAccount;
    return `${trustDomain}/ns/${namespace}/sa/${account}`;
  });
  return principals.length < 2 ? principals : [...new Set(principals)].sort();
}

function tcpPorts(
  member: LatticeMember,
  isWanted: (mode: ReturnType<typeof portMode>) => boolean,
): string[] {
  const ports = member.spec.ports.filter(
    port => port.protocol === 'TCP' && isWanted(portMode(member, port)),
  );
  return sortPorts(ports).map(({ port }) => String(port));
}
