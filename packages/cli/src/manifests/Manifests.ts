import {
  CedarPolicy,
  KubernetesObject,
  LatticeMember,
  LatticePackage,
  SecretProvider,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Remark, Source } from '../findings/Remark';

/** An object with the place where it stands. */
export interface Located<T> {
  readonly object: T;
  readonly source: Source;
}

/** Everything that matters in a set of files, and what could not be read. */
export interface Manifests {
  readonly packages: readonly Located<LatticePackage>[];
  readonly members: readonly Located<LatticeMember>[];
  readonly policies: readonly Located<CedarPolicy>[];
  readonly providers: readonly Located<SecretProvider>[];
  /** Namespaces, pods, accounts and policies that are not ours. */
  readonly context: readonly KubernetesObject[];
  readonly remarks: readonly Remark[];
}
