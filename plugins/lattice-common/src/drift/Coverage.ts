import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { selectsPod } from '../policies/memberTarget';
import { byNamespace, Endpoint } from './endpoints';

function compareMembers(a: LatticeMember, b: LatticeMember): number {
  return formatKey(a.metadata) < formatKey(b.metadata) ? -1 : 1;
}

/** Of two declarations of one key the member counts, as in the agreements. */
function effective(members: readonly LatticeMember[]): LatticeMember[] {
  const byKey = new Map<string, LatticeMember>();
  for (const member of members) {
    const key = formatKey(member.metadata);
    if (!byKey.has(key) || member.kind === 'LatticeMeshMember') {
      byKey.set(key, member);
    }
  }
  return [...byKey.values()].sort(compareMembers);
}

function bucketOf(key: string, value: string): string {
  return `${key}=${value}`;
}

/** Members of one namespace, found by the one of their labels that the fewest of them ask for. */
class NamespaceMembers {
  readonly #whole: LatticeMember[] = [];
  readonly #byLabel = new Map<string, LatticeMember[]>();

  constructor(members: readonly LatticeMember[]) {
    const counts = new Map<string, number>();
    const bucketsOf = ({ spec }: LatticeMember) =>
      'selector' in spec.target
        ? Object.entries(spec.target.selector).map(([key, value]) =>
            bucketOf(key, value),
          )
        : [];
    for (const bucket of members.flatMap(bucketsOf)) {
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    for (const member of members) {
      if (!('selector' in member.spec.target)) {
        this.#whole.push(member);
      }
      const [rarest] = bucketsOf(member).sort(
        (a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0),
      );
      if (rarest !== undefined) {
        const list = this.#byLabel.get(rarest);
        if (list) {
          list.push(member);
        } else {
          this.#byLabel.set(rarest, [member]);
        }
      }
    }
  }

  selecting({ labels }: Endpoint): LatticeMember[] {
    const labelled = Object.entries(labels)
      .flatMap(([key, value]) => this.#byLabel.get(bucketOf(key, value)) ?? [])
      .filter(({ spec }) => selectsPod(spec.target, labels));
    return [...this.#whole, ...labelled].sort(compareMembers);
  }
}

/** Which member speaks for which endpoints. Endpoints on their node's network are nobody's: no policy selects them. */
export class Coverage {
  readonly members: readonly LatticeMember[];
  readonly #membersOf = new Map<Endpoint, LatticeMember[]>();
  readonly #endpointsOf = new Map<LatticeMember, Endpoint[]>();
  readonly #byNamespace: Map<string, Endpoint[]>;
  readonly #keys: ReadonlySet<string>;

  constructor(
    members: readonly LatticeMember[],
    readonly endpoints: readonly Endpoint[],
  ) {
    this.members = effective(members);
    this.#keys = new Set(this.members.map(it => formatKey(it.metadata)));
    this.#byNamespace = byNamespace(endpoints, it => it.workload.namespace);
    const indexes = new Map(
      [...byNamespace(this.members, it => it.metadata.namespace)].map(
        ([namespace, some]) => [namespace, new NamespaceMembers(some)],
      ),
    );
    for (const endpoint of endpoints) {
      const found = endpoint.hostNetwork
        ? []
        : indexes.get(endpoint.workload.namespace)?.selecting(endpoint) ?? [];
      this.#membersOf.set(endpoint, found);
      for (const member of found) {
        const list = this.#endpointsOf.get(member);
        if (list) {
          list.push(endpoint);
        } else {
          this.#endpointsOf.set(member, [endpoint]);
        }
      }
    }
  }

  /** Members that select an endpoint, sorted. */
  membersOf(endpoint: Endpoint): readonly LatticeMember[] {
    return this.#membersOf.get(endpoint) ?? [];
  }

  endpointsOf(member: LatticeMember): readonly Endpoint[] {
    return this.#endpointsOf.get(member) ?? [];
  }

  /** Every endpoint of a namespace. */
  inNamespace(namespace: string): readonly Endpoint[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  hasKey(key: ObjectKey): boolean {
    return this.#keys.has(formatKey(key));
  }
}
