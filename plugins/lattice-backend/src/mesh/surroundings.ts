import {
  KubernetesObject,
  LatticeMember,
  MemberReasons,
  PolicyGap,
  readExplainPod,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { no, Verdict, yes } from './verdict';

const MAX_NAMED = 10;
/** Other conditions tell of these. */
const TOLD_ELSEWHERE: readonly PolicyGap['reason'][] = [
  'AgreedButBlocked',
  'EngineMissing',
  'SelectorIgnored',
];
const ENROLMENT_PATCH =
  '{"metadata":{"labels":{"istio.io/dataplane-mode":"ambient"}}}';

/** What there is around a declaration. */
export interface Surroundings {
  /** Living pods that it selects. */
  readonly pods: readonly KubernetesObject[];
  /** Its namespace, where that has been read. */
  readonly namespace: KubernetesObject | undefined;
  /** Policies of others that are about those pods. */
  readonly foreign: readonly KubernetesObject[];
  readonly isMeshServed: boolean;
}

/** Whether the mesh carries the traffic of a member that is to be in it. Lattice labels nothing itself. */
export function findEnrolment(
  member: LatticeMember | undefined,
  { pods, namespace, isMeshServed }: Surroundings,
): Verdict | undefined {
  if (!member?.spec.ambient || !isMeshServed || pods.length === 0)
    return undefined;
  const labels = namespace?.metadata.labels ?? {};
  const outside = pods
    .filter(pod => !readExplainPod(pod, labels).ambient)
    .map(({ metadata }) => metadata.name);
  return outside.length === 0
    ? yes(MemberReasons.InMesh, 'Every selected pod is to be in the mesh.')
    : no(
        MemberReasons.NotInMesh,
        `Not in the mesh, so agreed callers do not reach them: ${listed(
          outside,
        )}. Patch the pod template, or the namespace with everything in it: ${ENROLMENT_PATCH}`,
      );
}

/** Present only while somebody else's policies are about the member's pods: what they allow adds to what is declared. */
export function findForeignPolicies({
  foreign,
}: Surroundings): Verdict | undefined {
  if (foreign.length === 0) return undefined;
  const names = foreign.map(({ kind, metadata: { namespace, name } }) =>
    namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`,
  );
  return yes(
    MemberReasons.ForeignPolicyFound,
    `Not written by Lattice, yet about these pods: ${listed(
      names,
    )}. What they allow is open beside what is declared, what they deny is closed in spite of it.`,
  );
}

/** Present only while something is declared that is not acted on. */
export function findUnsupported(
  member: LatticeMember | undefined,
  gaps: readonly PolicyGap[],
): Verdict | undefined {
  const fields = member?.unsupportedFields ?? [];
  const ignored = gaps.filter(({ reason }) => !TOLD_ELSEWHERE.includes(reason));
  const messages = [
    ...(fields.length > 0 ? [`Not acted on: ${listed(fields)}.`] : []),
    ...ignored.map(({ message }) => message),
  ];
  return messages.length > 0
    ? yes(MemberReasons.NotSupported, messages.join(' '))
    : undefined;
}

function listed(names: readonly string[]): string {
  const sorted = [...names].sort();
  const more = sorted.length - MAX_NAMED;
  return more > 0
    ? `${sorted.slice(0, MAX_NAMED).join(', ')} and ${more} more`
    : sorted.join(', ');
}
