import {
  KubernetesObject,
  MemberReasons,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** How one pass over a key's policies ended. `live` = the policies that it has now. */
export type PolicyOutcome = {
  readonly live: readonly KubernetesObject[];
} & (
  | { readonly kind: 'applied' }
  /** Applied, but not yet let out to these callees, whose own policies do not stand. */
  | { readonly kind: 'waiting'; readonly callees: readonly ObjectKey[] }
  /** Nothing was written; what is applied stays. */
  | {
      readonly kind: 'frozen';
      readonly reason:
        | typeof MemberReasons.InvalidSpec
        | typeof MemberReasons.EngineLost;
      readonly message: string;
    }
  /** Objects of somebody else bear the name; only what narrows was written. */
  | { readonly kind: 'foreign'; readonly kinds: readonly string[] }
  /** The API server refused a write. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Its declaration is gone, its pods are not: everything is denied. */
  | { readonly kind: 'denyOnly' }
  /** Neither declaration nor pods nor policies are left. */
  | { readonly kind: 'retired' }
);
