import { LatticeMember, MemberTarget } from '../api/memberModel';
import { ClusterProfile } from './ClusterProfile';
import { memberFacts } from './memberFacts';
import { isInMesh } from './openPorts';

const LABEL_NAMESPACE = 'io.kubernetes.pod.namespace';
const CILIUM_PREFIX = 'io.cilium.k8s.';
const LABEL_KEY_SYNTAX =
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE_SYNTAX = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const MAX_LABEL_LENGTH = 63;
/** In a principal `*` and `/` would stand for more than one account. */
const ACCOUNT_SYNTAX = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** The labels by which a member's pods are selected, or `undefined` for its whole namespace. */
export function targetLabels(
  target: MemberTarget,
): Readonly<Record<string, string>> | undefined {
  return 'selector' in target ? target.selector : undefined;
}

/**
 * Why no policy can be made of a declaration, if so. Such a member takes part in no agreement: some names change the
 * meaning of a rule once they are copied into another team's policy.
 */
export function findMemberProblem(
  member: LatticeMember,
  profile?: ClusterProfile,
): string | undefined {
  const problem = findOwnProblem(member);
  if (problem) return problem;
  return profile && isMeshWide(member, profile)
    ? 'target.namespace may not be the root namespace of Istio, where a policy without labels is about every workload of the mesh: select pods by their labels'
    : undefined;
}

/** Whether a declaration can stand in another's policy as a peer. */
export function isExpressible(member: LatticeMember): boolean {
  return findOwnProblem(member) === undefined;
}

function findOwnProblem(member: LatticeMember): string | undefined {
  const facts = memberFacts(member);
  facts.problem ??= checkTarget(member) ?? false;
  return facts.problem || undefined;
}

function checkTarget({ metadata, spec }: LatticeMember): string | undefined {
  const { target, serviceAccount } = spec;
  if (!ACCOUNT_SYNTAX.test(serviceAccount))
    return 'serviceAccount must be the name of a service account';
  if ('selector' in target) return findSelectorProblem(target.selector);
  return target.namespace === metadata.namespace
    ? undefined
    : `target.namespace must be the member's own namespace ${metadata.namespace}`;
}

/** Whether the AuthorizationPolicy of a whole-namespace target would let its callers reach the whole mesh. */
function isMeshWide(member: LatticeMember, profile: ClusterProfile): boolean {
  return (
    member.metadata.namespace === profile.rootNamespace &&
    isInMesh(member, profile)
  );
}

function findSelectorProblem(
  selector: Readonly<Record<string, string>>,
): string | undefined {
  const labels = Object.entries(selector);
  if (labels.length === 0) return 'target.selector needs at least one label';
  const refused = labels.find(
    ([key, value]) =>
      !LABEL_KEY_SYNTAX.test(key) ||
      !LABEL_VALUE_SYNTAX.test(value) ||
      value.length > MAX_LABEL_LENGTH ||
      key === LABEL_NAMESPACE ||
      key.startsWith(CILIUM_PREFIX),
  );
  return refused
    ? `target.selector may not use the label ${refused[0]}`
    : undefined;
}

/** Whether a pod with these labels, in the member's namespace, is selected. */
export function selectsPod(
  target: MemberTarget,
  podLabels: Readonly<Record<string, string>>,
): boolean {
  const wanted = targetLabels(target);
  return (
    !wanted ||
    Object.entries(wanted).every(([key, value]) => podLabels[key] === value)
  );
}
