import { LatticeMember, ServiceRef } from '../api/memberModel';
import { writtenPath } from '../api/writtenPaths';
import { memberEgressChecks } from './memberEgressChecks';
import { memberPortChecks } from './memberPortChecks';
import { memberSelectorChecks } from './memberSelectorChecks';
import { isDnsLabel, isDnsName } from './names';
import { malformedNamespace, protectedNamespace } from './namespaceCheck';
import {
  AdmissionRules,
  Check,
  Finding,
  runChecks,
  Violation,
} from './violation';

type MemberCheck = Check<LatticeMember>;

const namespaceProtected: MemberCheck = {
  rule: 'namespace-protected',
  check: (member, rules) =>
    protectedNamespace(member.metadata.namespace, {
      owner: member.metadata,
      path: 'metadata.namespace',
      rules,
    }),
};

const namespaceForm: MemberCheck = {
  rule: 'namespace-form',
  check: ({ metadata }) => malformedNamespace(metadata),
};

const memberName: MemberCheck = {
  rule: 'member-name',
  check: ({ metadata }) =>
    isDnsName(metadata.name)
      ? undefined
      : {
          path: 'metadata.name',
          message:
            'must be lower-case letters, digits, dashes and dots: agreements and policies are named after it',
        },
};

const namespaceTarget: MemberCheck = {
  rule: 'namespace-target',
  check: ({ metadata, spec }) =>
    'namespace' in spec.target && spec.target.namespace !== metadata.namespace
      ? {
          path: 'spec.target.namespace',
          message: `may only be the member's own namespace ${metadata.namespace}: create the member where its pods are`,
        }
      : undefined,
};

const namespaceTargetPorts: MemberCheck = {
  rule: 'namespace-target-peer-auth',
  check: ({ spec }) =>
    'namespace' in spec.target
      ? spec.ports.flatMap(({ peerAuth }, index): Finding[] =>
          peerAuth === 'Strict'
            ? []
            : [
                {
                  path: `spec.ports[${index}].peerAuth`,
                  message:
                    'must be Strict for a whole namespace: plaintext would open every pod of it; select the pods that need it by their labels',
                },
              ],
        )
      : undefined,
};

function isReference({ name, namespace }: ServiceRef): boolean {
  return (
    (name === '*' || isDnsName(name)) &&
    (namespace === undefined || isDnsLabel(namespace))
  );
}

function referenceCheck(field: 'allowedCallers' | 'dependencies'): MemberCheck {
  return {
    rule: field === 'allowedCallers' ? 'caller-form' : 'dependency-form',
    check: ({ spec }) =>
      spec[field].flatMap((reference, index): Finding[] =>
        isReference(reference)
          ? []
          : [
              {
                path: `spec.${field}[${index}]`,
                message:
                  'must name a workload by namespace and name: lower-case letters, digits and dashes; only the name may be *',
              },
            ],
      ),
  };
}

function selfCheck(field: 'allowedCallers' | 'dependencies'): MemberCheck {
  return {
    rule: 'self-reference',
    check: ({ metadata, spec }) =>
      spec[field].flatMap((reference, index): Finding[] =>
        reference.name === metadata.name &&
        reference.namespace === metadata.namespace
          ? [
              {
                path: `spec.${field}[${index}]`,
                severity: 'warning',
                message:
                  'names the member itself: use allowPeerTraffic for traffic between its own pods',
              },
            ]
          : [],
      ),
  };
}

const account: MemberCheck = {
  rule: 'service-account-name',
  check: ({ spec }) =>
    isDnsName(spec.serviceAccount)
      ? undefined
      : {
          path: 'spec.serviceAccount',
          message:
            'must be the name of a ServiceAccount: lower-case letters, digits, dashes and dots',
        },
};

/** The rules for members, in the order in which they are reported. */
export const MEMBER_CHECKS: readonly MemberCheck[] = [
  namespaceForm,
  namespaceProtected,
  memberName,
  ...memberSelectorChecks,
  namespaceTarget,
  namespaceTargetPorts,
  ...memberPortChecks,
  referenceCheck('allowedCallers'),
  referenceCheck('dependencies'),
  selfCheck('allowedCallers'),
  selfCheck('dependencies'),
  ...memberEgressChecks,
  account,
];

/** Holds a member against the admission rules. An empty list means that nothing is wrong. */
export function checkMember(
  member: LatticeMember,
  rules: AdmissionRules,
): Violation[] {
  return runChecks(MEMBER_CHECKS, member, rules, path =>
    writtenPath(member.writtenPaths, path),
  );
}
