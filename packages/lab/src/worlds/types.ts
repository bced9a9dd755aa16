import {
  ClusterProfile,
  KubernetesObject,
  LatticeMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod, JudgedWorld } from '../judges';

/** A small cluster: what people declare, what runs, and what lies outside. */
export interface World {
  readonly seed: number;
  readonly profile: ClusterProfile;
  /** LatticeMeshMembers and LatticeServices as people write them. */
  readonly manifests: readonly KubernetesObject[];
  /** The same, as the product reads them. A key may have one of each kind. */
  readonly declared: readonly LatticeMember[];
  readonly namespaces: JudgedWorld['namespaces'];
  readonly pods: readonly JudgedPod[];
  readonly externals: readonly External[];
  /** Policies that are not ours. */
  readonly foreign: readonly KubernetesObject[];
  /** Members that have gone while pods of theirs still run: these stay closed. */
  readonly departed?: readonly LatticeMember[];
}

/** A place outside the cluster. */
export type External = NonNullable<JudgedWorld['externals']>[number];

/** What randomness may leave out or put in. */
export interface RandomWorldOptions {
  /** Also policies that are not ours and select pods of members. */
  readonly withForeign?: boolean;
}

/** Ends that are no pod and always there. */
export const OUTSIDE = [
  'host',
  'remote-node',
  'kube-apiserver',
  'world',
] as const;

/** `namespace/name` of a pod, as questions name it. */
export function podId({ namespace, name }: JudgedPod): string {
  return `${namespace}/${name}`;
}
