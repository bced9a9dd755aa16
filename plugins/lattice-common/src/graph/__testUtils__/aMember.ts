import { LatticeMember, MemberPort, MemberSpec } from '../../api/memberModel';
import { ObjectKey } from '../../api/object';

/** Reads `namespace/name`. */
export function aKey(text: string): ObjectKey {
  const [namespace, name] = text.split('/');
  return { namespace, name };
}

/** A declared TCP port with mTLS, unless said otherwise. */
export function aPort(
  port: number,
  changes: Partial<MemberPort> = {},
): MemberPort {
  return {
    port,
    servicePort: port,
    name: `p${port}`,
    peerAuth: 'Strict',
    protocol: 'TCP',
    ...changes,
  };
}

/** A valid member that agrees to nothing, unless said otherwise. */
export function aMember(
  key: string,
  spec: Partial<MemberSpec> = {},
  kind: LatticeMember['kind'] = 'LatticeMeshMember',
): LatticeMember {
  const { namespace, name } = aKey(key);
  return {
    kind,
    metadata: {
      namespace,
      name,
      uid: `uid-${kind}-${key}`,
      generation: 1,
      labels: {},
      annotations: {},
      finalizers: [],
    },
    spec: {
      target: { selector: { app: name } },
      ports: [],
      allowedCallers: [],
      dependencies: [],
      egress: [],
      allowPeerTraffic: false,
      dependsAll: false,
      serviceAccount: name,
      ambient: true,
      ...spec,
    },
    status: {
      observedGeneration: -1,
      conditions: [],
      appliedResources: [],
      edges: [],
    },
  };
}
