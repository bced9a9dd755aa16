import { PackageOperation } from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { Fact, PackageState } from './PackageState';

/** What to do. `observe` adds a fact and the pass goes on; `act` ends the pass; `wait` and `settle` end it without acting. */
export type PackageStep =
  | { readonly kind: 'observe'; readonly fact: Fact }
  | { readonly kind: 'claim' }
  | {
      readonly kind: 'settleOperation';
      readonly last: ReleaseMetadata | undefined;
    }
  | { readonly kind: 'unlock'; readonly last: ReleaseMetadata }
  | { readonly kind: 'adoptDigest'; readonly last: ReleaseMetadata }
  | {
      readonly kind: 'operate';
      readonly verb: PackageOperation['verb'];
      readonly fromRevision: number;
      /** Target of a rollback. */
      readonly toRevision?: number;
      /** Uninstall: throw the records away, too. */
      readonly purge?: boolean;
      /** The revision that runs never became healthy: a try is spent. */
      readonly spendsTry?: boolean;
    }
  | { readonly kind: 'release' }
  | { readonly kind: 'rest'; readonly requeueAfterMs?: number };

/** One run of helm. */
export type OperateStep = Extract<PackageStep, { kind: 'operate' }>;

const WAIT_MS = 30_000;
const STALLED_WAIT_MS = 10 * 60_000;
const HEALTH_WAIT_MS = 10_000;
const REMOVAL_WAIT_MS = 2_000;
/** An unhealthy state is looked at again at least this soon, so that the deadline is kept. */
const MINIMUM_WAIT_MS = 1_000;

type Steps = {
  readonly [Kind in PackageState['kind']]?: (
    state: Extract<PackageState, { kind: Kind }>,
  ) => PackageStep;
};

/** What each state asks for; the others ask for nothing but time. */
const STEPS: Steps = {
  unknown: ({ missing }) => ({ kind: 'observe', fact: missing }),
  unclaimed: () => ({ kind: 'claim' }),
  unsettled: ({ last }) => ({ kind: 'settleOperation', last }),
  interrupted: ({ last }) =>
    last.status === 'uninstalling' ? uninstall(last) : { kind: 'unlock', last },
  unknownDigest: ({ last }) => ({ kind: 'adoptDigest', last }),
  absent: () => ({ kind: 'operate', verb: 'install', fromRevision: 0 }),
  outOfSync: ({ last }) => remediate(last),
  failed: ({ last, rollbackTo }) => remediate(last, rollbackTo),
  unhealthy: ({ last, isLate, rollbackTo }) =>
    rollbackTo === undefined
      ? { kind: 'rest', requeueAfterMs: isLate ? WAIT_MS : HEALTH_WAIT_MS }
      : { ...remediate(last, rollbackTo), spendsTry: true },
  halfRemoved: ({ last }) => uninstall(last, true),
  removable: ({ last }) => uninstall(last),
  removed: ({ last }) => (last ? uninstall(last, true) : { kind: 'release' }),
};

/** Pure: what the state asks for. */
export function nextStep(state: PackageState, now: Date): PackageStep {
  const step = STEPS[state.kind] as
    | ((state: PackageState) => PackageStep)
    | undefined;
  return step ? step(state) : { kind: 'rest', ...restOf(state, now) };
}

function remediate(last: ReleaseMetadata, rollbackTo?: number): OperateStep {
  return rollbackTo === undefined
    ? { kind: 'operate', verb: 'upgrade', fromRevision: last.revision }
    : {
        kind: 'operate',
        verb: 'rollback',
        fromRevision: last.revision,
        toRevision: rollbackTo,
      };
}

function uninstall(last: ReleaseMetadata, purge = false): OperateStep {
  return {
    kind: 'operate',
    verb: 'uninstall',
    fromRevision: last.revision,
    ...(purge ? { purge } : {}),
  };
}

function restOf(state: PackageState, now: Date): { requeueAfterMs?: number } {
  switch (state.kind) {
    case 'blocked':
      return {
        requeueAfterMs: state.gate.isStalled ? STALLED_WAIT_MS : WAIT_MS,
      };
    case 'locked':
    case 'backingOff':
    case 'exhausted':
      return {
        requeueAfterMs: Math.max(
          MINIMUM_WAIT_MS,
          state.untilMs - now.getTime(),
        ),
      };
    case 'foreign':
      return { requeueAfterMs: STALLED_WAIT_MS };
    case 'held':
      return { requeueAfterMs: WAIT_MS };
    case 'removing':
      return { requeueAfterMs: REMOVAL_WAIT_MS };
    default:
      return {};
  }
}
