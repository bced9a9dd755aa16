import {
  JsonObject,
  PeerAuth,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** A secret by reference: where its value lies, never the value. */
export interface SecretReference {
  readonly resource: string;
  readonly provider?: string;
  readonly id?: string;
  readonly keys: readonly string[];
}

/** A port of the member that is to be generated. */
export interface WantedPort {
  readonly port: number;
  readonly name: string;
  readonly peerAuth: PeerAuth;
}

/** A caller or dependency; the namespace is always written out. */
export interface WantedPeer {
  readonly namespace: string;
  readonly name: string;
}

/** What the form asked for, checked for shape and with defaults filled in. */
export interface PairRequest {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner?: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly values: JsonObject;
  readonly secrets: readonly SecretReference[];
  readonly ports: readonly WantedPort[];
  readonly selector: Readonly<Record<string, string>>;
  readonly allowedCallers: readonly WantedPeer[];
  readonly dependencies: readonly WantedPeer[];
  /** Answers of the decision aid, for the reviewer. */
  readonly workload?: string;
  readonly teams?: string;
}

/** Names of the two files of a pair, below its folder. */
export const PAIR_FILES = {
  package: 'package.yaml',
  member: 'mesh-member.yaml',
} as const;
