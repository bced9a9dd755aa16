import { KubernetesObject } from '../api/object';
import { isSamePolicy } from './isSamePolicy';
import { denyOnly, narrowPolicy } from './narrowPolicy';

/** One write of one policy. `object` carries no resourceVersion: the writer adds the one it last saw. */
export interface PolicyWrite {
  readonly verb: 'create' | 'replace' | 'delete';
  readonly object: KubernetesObject;
}

/** What a plan starts from. */
export interface PolicyPlanInput {
  /** All policies that one key should have. */
  readonly wanted: readonly KubernetesObject[];
  /** All policies of ours that this key has. */
  readonly live: readonly KubernetesObject[];
  /** Take away what is no longer wanted, but open and delete nothing. */
  readonly narrowOnly?: boolean;
}

/** The network opens last, after both of the mesh's own decisions are in place. */
const KIND_ORDER = [
  'AuthorizationPolicy',
  'CiliumNetworkPolicy',
  'PeerAuthentication',
];
const WIDENING_ORDER = [
  'PeerAuthentication',
  'AuthorizationPolicy',
  'CiliumNetworkPolicy',
];

/**
 * Orders the writes that lead from the live policies to the wanted ones: first what narrows, then what deletes, then
 * what widens. After every single write, nothing is open that neither the old nor the new policies allow.
 */
export function planPolicyWrites(input: PolicyPlanInput): PolicyWrite[] {
  const { wanted, live, narrowOnly = false } = input;
  const find = (objects: readonly KubernetesObject[], like: KubernetesObject) =>
    objects.find(object => idOf(object) === idOf(like));
  const narrowing: PolicyWrite[] = [];
  const widening: PolicyWrite[] = [];

  for (const object of inOrder(wanted, KIND_ORDER)) {
    const held = find(live, object);
    if (!held) {
      const created = narrowOnly ? denyOnly(object) : object;
      // Relaxing a port to plaintext is the one creation that can widen.
      const isRelaxing = object.kind === 'PeerAuthentication';
      if (created)
        (isRelaxing ? widening : narrowing).push({
          verb: 'create',
          object: created,
        });
      continue;
    }
    if (isSamePolicy(object, held)) continue;
    const narrowed = narrowPolicy(object, held);
    if (!isSamePolicy(narrowed, held))
      narrowing.push({ verb: 'replace', object: narrowed });
    if (!isSamePolicy(object, narrowed))
      widening.push({ verb: 'replace', object });
  }
  if (narrowOnly) return narrowing;

  const stale = live.filter(object => !find(wanted, object));
  return [
    ...narrowing,
    ...inOrder(stale, KIND_ORDER).map(object => ({
      verb: 'delete' as const,
      object,
    })),
    ...WIDENING_ORDER.flatMap(kind =>
      widening.filter(write => write.object.kind === kind),
    ),
  ];
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function inOrder(
  objects: readonly KubernetesObject[],
  kinds: readonly string[],
): KubernetesObject[] {
  return [...objects].sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      (idOf(a) < idOf(b) ? -1 : 1),
  );
}
