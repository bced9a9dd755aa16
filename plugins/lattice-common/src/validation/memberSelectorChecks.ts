import { formatPath } from '../api/fieldPath';
import { LatticeMember } from '../api/memberModel';
import { isLabelKey, isLabelValue } from './names';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;

/** Cilium gives these a meaning of its own: in a copied selector they would change whom a rule is about. */
const RESERVED_KEYS = [
  /:/,
  /^io\.kubernetes\.pod\.namespace/,
  /^io\.cilium\./,
  /^reserved/,
];

/** Labels that Cilium leaves out of identities by default, so that a policy selecting by them selects no pod. */
const IGNORED_KEYS = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation$/,
  /^pod-template-hash$/,
  /^controller-revision-hash$/,
  /^controller-uid$/,
  /^annotation\./,
  /^etcd_node/,
  /^statefulset\.kubernetes\.io\/pod-name$/,
  /^apps\.kubernetes\.io\/pod-index$/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)$/,
];

function labelsOf(member: LatticeMember): [string, string][] {
  return 'selector' in member.spec.target
    ? Object.entries(member.spec.target.selector)
    : [];
}

function pathOf(key: string): string {
  return formatPath(['spec', 'target', 'selector', key]);
}

function eachKey(
  member: LatticeMember,
  patterns: readonly RegExp[],
  finding: Omit<Finding, 'path'>,
): Finding[] {
  return labelsOf(member)
    .filter(([key]) => patterns.some(pattern => pattern.test(key)))
    .map(([key]) => ({ ...finding, path: pathOf(key) }));
}

const notEmpty: MemberCheck = {
  rule: 'selector-empty',
  check: member =>
    'selector' in member.spec.target && labelsOf(member).length === 0
      ? {
          path: 'spec.target.selector',
          message:
            'selects every pod of the namespace: give at least one label, or use target.namespace',
        }
      : undefined,
};

const syntax: MemberCheck = {
  rule: 'selector-syntax',
  check: member =>
    labelsOf(member)
      .filter(([key, value]) => !isLabelKey(key) || !isLabelValue(value))
      .map(([key]) => ({
        path: pathOf(key),
        message:
          'is not a Kubernetes label: keys are an optional DNS prefix and /, then up to 63 letters, digits, dash, dot and underscore; values the same without a prefix',
      })),
};

const reserved: MemberCheck = {
  rule: 'selector-reserved',
  check: member =>
    eachKey(member, RESERVED_KEYS, {
      message:
        'has a meaning of its own in Cilium and would change whom the policies of others are about: select by a label of your own',
    }),
};

const ignored: MemberCheck = {
  rule: 'selector-ignored',
  check: member =>
    eachKey(member, IGNORED_KEYS, {
      severity: 'warning',
      message:
        'is a label that Cilium leaves out of identities by default, so the policy would select no pod and close nothing: select by another label',
    }),
};

/** Rules about the labels by which a member selects its pods. */
export const memberSelectorChecks: readonly MemberCheck[] = [
  notEmpty,
  syntax,
  reserved,
  ignored,
];
