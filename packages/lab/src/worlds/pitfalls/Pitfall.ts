import {
  ClusterProfile,
  KubernetesObject,
  LatticeMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FaultKind } from '../findFaults';
import { World } from '../types';

/** What goes wrong when somebody falls into it. */
export type PitfallKind = 'opens' | 'breaks' | 'stale';

/** A naive way of compiling. The model keeps to what was declared; the engines see what the naive way makes of it. */
export interface Mutation {
  readonly way: string;
  /** Changes what is compiled from. */
  readonly manifests?: (one: KubernetesObject) => KubernetesObject;
  /** Changes what is known of the cluster. */
  readonly profile?: (profile: ClusterProfile) => ClusterProfile;
  /** Changes what is emitted. */
  readonly policies?: (
    policies: KubernetesObject[],
    world: World,
  ) => KubernetesObject[];
  /** Changes what runs, and what is declared of it. */
  readonly world?: (world: World) => World;
  /** Whether the model too is told of the changed world; otherwise it keeps to what was meant. */
  readonly isTold?: boolean;
  /** At least these must turn red. */
  readonly caughtAs: readonly FaultKind[];
}

/** A naive way of going from one world to another. */
export interface NaiveUpdate {
  readonly way: string;
  /** What people change. */
  readonly edit: (world: World) => World;
  /** What runs while the controller works, if not what runs afterwards. */
  readonly meanwhile?: (world: World) => World;
  /** What the naive controller leaves on the cluster. */
  readonly update: (
    live: KubernetesObject[],
    after: World,
  ) => KubernetesObject[];
  readonly caughtAs: readonly FaultKind[];
}

/** A naive way of telling people that an agreement is open. */
export interface NaiveClaim {
  readonly way: string;
  readonly isOpen: (
    caller: LatticeMember,
    callee: LatticeMember,
    profile: ClusterProfile,
  ) => boolean;
}

/** A test elsewhere that guards against what no object can show. */
export interface Guard {
  readonly what: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Text that stands in that file: the test's name. */
  readonly test: string;
}

/** One of the traps between a declaration and what engines make of it. */
export interface Pitfall {
  readonly id: `P${number}`;
  readonly kind: PitfallKind;
  readonly trap: string;
  readonly mutations?: readonly Mutation[];
  readonly updates?: readonly NaiveUpdate[];
  readonly claims?: readonly NaiveClaim[];
  readonly guards?: readonly Guard[];
  /** What is not covered, and why. */
  readonly open?: string;
}
