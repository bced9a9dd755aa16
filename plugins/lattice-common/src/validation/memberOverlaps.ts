import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { FleetViolation, onMember } from './fleetViolation';

/** A pod that selectors are resolved against. */
export interface FleetPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

type Selector = Readonly<Record<string, string>>;

/** Two members of one namespace that have pods in common; the wider one catches the pods of the other. */
interface Overlap {
  readonly wider: LatticeMember;
  readonly other: LatticeMember;
}

function selectorOf({ spec }: LatticeMember): Selector | undefined {
  return 'selector' in spec.target ? spec.target.selector : undefined;
}

function includes(labels: Selector, wanted: Selector): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function bucketOf(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}

/** Finds members by labels that they all must match, without looking at every member. */
class SelectorIndex {
  readonly #byRarest = new Map<string, LatticeMember[]>();

  constructor(members: readonly LatticeMember[]) {
    const counts = new Map<string, number>();
    const bucketsOf = (member: LatticeMember) =>
      Object.entries(selectorOf(member) ?? {}).map(([key, value]) =>
        bucketOf(member.metadata.namespace, key, value),
      );
    for (const bucket of members.flatMap(bucketsOf)) {
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    for (const member of members) {
      const [rarest] = bucketsOf(member).sort(
        (a, b) => counts.get(a)! - counts.get(b)!,
      );
      if (rarest !== undefined) {
        const list = this.#byRarest.get(rarest);
        if (list) list.push(member);
        else this.#byRarest.set(rarest, [member]);
      }
    }
  }

  /** Members whose selector these labels fulfil. */
  selecting(namespace: string, labels: Selector): LatticeMember[] {
    return Object.entries(labels)
      .flatMap(
        ([key, value]) =>
          this.#byRarest.get(bucketOf(namespace, key, value)) ?? [],
      )
      .filter(member => includes(labels, selectorOf(member)!));
  }
}

/** One object for the policies of both: what a service and its member say is merged, not added up. */
function isSameKey(a: LatticeMember, b: LatticeMember): boolean {
  return formatKey(a.metadata) === formatKey(b.metadata);
}

function ordered(a: LatticeMember, b: LatticeMember): Overlap {
  const size = (member: LatticeMember) =>
    Object.keys(selectorOf(member) ?? {}).length;
  const isAWider =
    size(a) === size(b)
      ? formatKey(a.metadata) > formatKey(b.metadata)
      : size(a) < size(b);
  return isAWider ? { wider: a, other: b } : { wider: b, other: a };
}

class Overlaps {
  readonly found: Overlap[] = [];
  readonly #seen = new Set<string>();

  add(a: LatticeMember, b: LatticeMember): void {
    if (isSameKey(a, b)) {
      return;
    }
    const overlap = ordered(a, b);
    const id = `${formatKey(overlap.wider.metadata)} ${formatKey(
      overlap.other.metadata,
    )}`;
    if (!this.#seen.has(id)) {
      this.#seen.add(id);
      this.found.push(overlap);
    }
  }
}

function findOverlaps(
  members: readonly LatticeMember[],
  pods: readonly FleetPod[],
): readonly Overlap[] {
  const overlaps = new Overlaps();
  const index = new SelectorIndex(members);
  for (const member of members) {
    const selector = selectorOf(member);
    if (selector) {
      index
        .selecting(member.metadata.namespace, selector)
        .forEach(other => overlaps.add(member, other));
    }
  }
  for (const { namespace, labels } of pods) {
    const selecting = index.selecting(namespace, labels);
    selecting.forEach((one, at) =>
      selecting.slice(at + 1).forEach(other => overlaps.add(one, other)),
    );
  }
  return [...overlaps.found, ...withWholeNamespaces(members)];
}

function withWholeNamespaces(members: readonly LatticeMember[]): Overlap[] {
  const whole = members.filter(member => !selectorOf(member));
  return whole.flatMap(wider =>
    members
      .filter(
        other =>
          other.metadata.namespace === wider.metadata.namespace &&
          !isSameKey(wider, other) &&
          (selectorOf(other) ||
            formatKey(other.metadata) < formatKey(wider.metadata)),
      )
      .map(other => ({ wider, other })),
  );
}

/** Plaintext ports of a member in the mesh, as its PeerAuthentication would list them. */
function plaintextPorts({ spec }: LatticeMember): string {
  return spec.ports
    .filter(({ peerAuth }) => peerAuth !== 'Strict')
    .map(({ port }) => port)
    .sort((a, b) => a - b)
    .join(',');
}

function disagreement({ wider, other }: Overlap): string | undefined {
  if (wider.spec.ambient !== other.spec.ambient) {
    return 'one is in the mesh (ambient) and the other is not';
  }
  const [ours, theirs] = [plaintextPorts(wider), plaintextPorts(other)];
  return wider.spec.ambient && ours !== theirs && ours !== '' && theirs !== ''
    ? 'their plaintext ports differ, and of two PeerAuthentications only the oldest counts'
    : contradictedPort({ wider, other });
}

function contradictedPort({ wider, other }: Overlap): string | undefined {
  const modes = new Map(
    wider.spec.ports.map(one => [`${one.port}/${one.protocol}`, one.peerAuth]),
  );
  const port = other.spec.ports.find(one => {
    const mode = modes.get(`${one.port}/${one.protocol}`);
    return mode !== undefined && mode !== one.peerAuth;
  });
  return port && `they ask for different peerAuth of port ${port.port}`;
}

const SHOWN = 3;

function describe(members: readonly LatticeMember[]): string {
  const names = members.slice(0, SHOWN).map(one => formatKey(one.metadata));
  const more = members.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function widened(
  wider: LatticeMember,
  others: readonly LatticeMember[],
): FleetViolation {
  return onMember(wider, {
    rule: 'selector-overlap',
    severity: 'warning',
    path: selectorOf(wider) ? 'spec.target.selector' : 'spec.target.namespace',
    message: `also selects the pods of ${describe(
      others,
    )}: whom either allows may call them; select by a label that only these pods have`,
  });
}

/**
 * Members that select the same pods: what they allow adds up, and where they ask for different things one of them
 * is not served. Looks at what is certain: a selector that holds all labels of another, a whole namespace, a pod.
 */
export function memberOverlaps(
  members: readonly LatticeMember[],
  pods: readonly FleetPod[] = [],
): FleetViolation[] {
  const harmless = new Map<LatticeMember, LatticeMember[]>();
  const violations: FleetViolation[] = [];
  for (const overlap of findOverlaps(members, pods)) {
    const { wider, other } = overlap;
    const why = disagreement(overlap);
    if (why) {
      violations.push(
        onMember(wider, {
          rule: 'selector-conflict',
          severity: 'error',
          path: selectorOf(wider)
            ? 'spec.target.selector'
            : 'spec.target.namespace',
          message: `selects pods of ${formatKey(
            other.metadata,
          )} too, and ${why}: select other pods, or let both say the same`,
        }),
      );
    } else {
      const others = harmless.get(wider);
      if (others) others.push(other);
      else harmless.set(wider, [other]);
    }
  }
  return [
    ...violations,
    ...[...harmless].map(([wider, others]) => widened(wider, others)),
  ];
}
