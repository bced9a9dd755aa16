import {
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** A Lease as last read, and since when it stands there unchanged by our own monotonic clock. */
export interface ObservedLease {
  readonly lease: KubernetesObject | undefined;
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
  /** Monotonic time at which this version was first seen. */
  readonly unchangedSince: number;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
  readonly acquireTime?: string;
}

/** Takes note of a Lease. The time stamps in it are other machines' clocks and are not looked at. */
export function observeLease(
  previous: ObservedLease | undefined,
  lease: KubernetesObject | undefined,
  monotonicNow: number,
): ObservedLease {
  const isUnchanged =
    previous !== undefined &&
    previous.lease?.metadata.uid === lease?.metadata.uid &&
    previous.lease?.metadata.resourceVersion ===
      lease?.metadata.resourceVersion;
  const spec = specOf(lease);
  return {
    lease,
    holder: spec.holderIdentity ?? '',
    durationMs: (spec.leaseDurationSeconds ?? 0) * 1000,
    transitions: spec.leaseTransitions ?? 0,
    unchangedSince: isUnchanged ? previous.unchangedSince : monotonicNow,
  };
}

/** Ours, nobody's, or not renewed for its whole duration while we watched. */
export function mayTakeLease(
  observed: ObservedLease,
  identity: string,
  monotonicNow: number,
): boolean {
  return (
    observed.holder === '' ||
    observed.holder === identity ||
    monotonicNow - observed.unchangedSince >= observed.durationMs
  );
}

/** Monotonic time since which a Lease that may be taken has been nobody's, as far as we watched. */
export function freeSince(observed: ObservedLease): number {
  return observed.holder === ''
    ? observed.unchangedSince
    : observed.unchangedSince + observed.durationMs;
}

/** The Lease to write in order to hold it. */
export function leaseToWrite(
  current: KubernetesObject | undefined,
  wanted: { key: ObjectKey; identity: string; leaseMs: number; now: Date },
): KubernetesObject {
  const spec = specOf(current);
  const isRenewal = spec.holderIdentity === wanted.identity;
  // MicroTime wants six digits of a fraction.
  const now = wanted.now.toISOString().replace('Z', '000Z');
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...current?.metadata,
      name: wanted.key.name,
      namespace: wanted.key.namespace,
    },
    spec: {
      ...spec,
      holderIdentity: wanted.identity,
      leaseDurationSeconds: Math.ceil(wanted.leaseMs / 1000),
      acquireTime: isRenewal ? spec.acquireTime ?? now : now,
      renewTime: now,
      leaseTransitions: isRenewal
        ? spec.leaseTransitions ?? 0
        : (spec.leaseTransitions ?? 0) + 1,
    },
  };
}

function specOf(lease: KubernetesObject | undefined): LeaseSpec {
  return (lease?.spec ?? {}) as LeaseSpec;
}
