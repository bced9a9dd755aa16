/** A reference before it is written down in one of the public shapes. */
export interface DraftRef {
  readonly name: string;
  readonly namespace?: string;
}

export interface DraftPort {
  readonly port: number;
  readonly servicePort: number;
  readonly protocol: 'TCP' | 'UDP';
  peerAuth: 'Strict' | 'Permissive' | 'Webhook';
}

export interface DraftEgress {
  readonly target: { entity: string } | { cidr: string } | { fqdn: string };
  readonly ports: readonly number[];
  readonly protocol: 'TCP' | 'UDP';
}

/** A member while a world is being made up. */
export interface Draft {
  readonly kind: 'LatticeMeshMember' | 'LatticeService';
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods; a namespace that is selected whole has none. */
  labels?: Record<string, string>;
  /** The namespace that is selected whole. */
  wholeNamespace?: string;
  ports: DraftPort[];
  callers: DraftRef[];
  dependencies: DraftRef[];
  egress: DraftEgress[];
  allowPeerTraffic: boolean;
  dependsAll: boolean;
  account?: string;
  ambient: boolean;
}

export const TCP_PORTS = [80, 8080, 443] as const;
export const UDP_PORTS = [80, 514] as const;

/** Labels by which a LatticeService finds its pods. */
export function serviceLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name };
}

/** A member that agrees to nothing, unless said otherwise. */
export function aDraft(
  namespace: string,
  name: string,
  changes: Partial<Draft> = {},
): Draft {
  return {
    kind: 'LatticeMeshMember',
    namespace,
    name,
    labels: { app: name },
    ports: [],
    callers: [],
    dependencies: [],
    egress: [],
    allowPeerTraffic: false,
    dependsAll: false,
    ambient: true,
    ...changes,
  };
}

export function refTo({ namespace, name }: Draft): DraftRef {
  return { namespace, name };
}
