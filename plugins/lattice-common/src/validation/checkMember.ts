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
            'must be lower-case letters, digits, dashes and dots: agreements and policies are named after it; choose another name',
        },
};

const namespaceTarget: MemberCheck = {
  rule: 'namespace-target',
  check: ({ metadata, spec }) =>
    'namespace' in spec.target && spec.target.namespace !== metadata.namespace
      ? {
          path: 'spec.target.namespace',
          message: `may only be the member's own namespace ${metadata.namespace}, else one team would write policy for another: create the member where its pods are`,
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

/** What is wrong with a reference of one direction, if anything. */
function referenceProblem(
  reference: ServiceRef,
  field: 'allowedCallers' | 'dependencies',
): string | undefined {
  if (!isReference(reference)) {
    return 'must name a workload by namespace and name, else it never matches one: lower-case letters, digits and dashes; only the name may be *';
  }
  return field === 'dependencies' &&
    reference.name === '*' &&
    reference.namespace === undefined
    ? 'must name a workload: to call whatever allows it, set dependsAll: true, which the platform team decides about'
    : undefined;
}

function referenceCheck(field: 'allowedCallers' | 'dependencies'): MemberCheck {
  return {
    rule: field === 'allowedCallers' ? 'caller-form' : 'dependency-form',
    check: ({ spec }) => {
      const findings: Finding[] = [];
      spec[field].forEach((reference, index) => {
        const message = referenceProblem(reference, field);
        if (message)
          findings.push({ path: `spec.${field}[${index}]`, message });
      });
      return findings;
    },
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
            'must be the name of a ServiceAccount: lower-case letters, digits, dashes and dots; it becomes part of the identity that others allow',
        },
};

const defaultAccount: MemberCheck = {
  rule: 'service-account-default',
  check: ({ spec }) =>
    spec.serviceAccount === 'default' && !('namespace' in spec.target)
      ? {
          path: 'spec.serviceAccount',
          severity: 'warning',
          message:
            'is the account of every pod that names none, so each of them could do what this member may: run the workload under an account of its own',
        }
      : undefined,
};

const unsupported: MemberCheck = {
  rule: 'field-unsupported',
  check: ({ unsupportedFields = [] }) =>
    unsupportedFields.map(path => ({
      path,
      severity: 'warning' as const,
      message:
        'is accepted and opens nothing, because Lattice does not act on it yet: take it out, and open what it should open by other means',
    })),
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
  defaultAccount,
  unsupported,
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
