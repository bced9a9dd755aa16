import { formatPath } from '../api/fieldPath';
import { LatticeMember } from '../api/memberModel';
import { isIdentityLabel } from '../policies/identityLabels';
import { isLabelKey, isLabelValue } from './names';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;

/** Cilium gives these a meaning of its own: in a copied selector they would change whom a rule is about. */
const RESERVED_KEYS = [
  /:/,
  /^io\.kubernetes/,
  /^io\.cilium/,
  /^(reserved|any)([./]|$)/,
];

function labelsOf(member: LatticeMember): [string, string][] {
  return 'selector' in member.spec.target
    ? Object.entries(member.spec.target.selector)
    : [];
}

function eachLabel(
  member: LatticeMember,
  isWrong: (key: string, value: string) => boolean,
  message: string,
): Finding[] {
  return labelsOf(member)
    .filter(([key, value]) => isWrong(key, value))
    .map(([key]) => ({
      path: formatPath(['spec', 'target', 'selector', key]),
      message,
    }));
}

function matches(key: string, patterns: readonly RegExp[]): boolean {
  return patterns.some(pattern => pattern.test(key));
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
    eachLabel(
      member,
      (key, value) => !isLabelKey(key) || !isLabelValue(value),
      'is not a Kubernetes label, so no pod can have it: keys are an optional DNS prefix and /, then up to 63 letters, digits, dash, dot and underscore; values the same without a prefix',
    ),
};

const reserved: MemberCheck = {
  rule: 'selector-reserved',
  check: member =>
    eachLabel(
      member,
      key => matches(key, RESERVED_KEYS),
      'has a meaning of its own in Cilium and would change whom the policies of others are about: select by a label of your own',
    ),
};

const ignored: MemberCheck = {
  rule: 'selector-ignored',
  check: member =>
    eachLabel(
      member,
      key => !isIdentityLabel(key) && !matches(key, RESERVED_KEYS),
      'is a label that Cilium leaves out of identities; all labels of a selector must match, so the policy would select no pod and close nothing: select by other labels alone',
    ),
};

/** Rules about the labels by which a member selects its pods. */
export const memberSelectorChecks: readonly MemberCheck[] = [
  notEmpty,
  syntax,
  reserved,
  ignored,
];
