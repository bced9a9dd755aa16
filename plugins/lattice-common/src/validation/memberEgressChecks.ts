import { EgressRule, LatticeMember } from '../api/memberModel';
import { EGRESS_ENTITIES, isCidr, isFqdn, WIDE_ENTITIES } from './egressTarget';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;

function targetProblem(
  target: EgressRule['target'],
): { field: string; message: string } | undefined {
  if ('entity' in target) {
    return EGRESS_ENTITIES.includes(target.entity)
      ? undefined
      : {
          field: 'entity',
          message: `is not an entity of Cilium: use one of ${EGRESS_ENTITIES.join(
            ', ',
          )}`,
        };
  }
  if ('cidr' in target) {
    return isCidr(target.cidr)
      ? undefined
      : {
          field: 'cidr',
          message:
            'must be an address and prefix such as 10.0.0.0/8 or fd00::/8',
        };
  }
  return isFqdn(target.fqdn)
    ? undefined
    : {
        field: 'fqdn',
        message:
          'must be a host name such as api.example.com or *.example.com, without scheme, port or path; for an address use cidr',
      };
}

function isWide(target: EgressRule['target']): boolean {
  if ('entity' in target) {
    return WIDE_ENTITIES.includes(target.entity);
  }
  return 'cidr' in target ? /\/0$/.test(target.cidr) : target.fqdn === '*';
}

const targets: MemberCheck = {
  rule: 'egress-target',
  check: member =>
    member.spec.egress.flatMap(({ target }, index): Finding[] => {
      const problem = targetProblem(target);
      return problem
        ? [
            {
              path: `spec.egress[${index}].target.${problem.field}`,
              message: problem.message,
            },
          ]
        : [];
    }),
};

const ports: MemberCheck = {
  rule: 'egress-ports',
  check: member =>
    member.spec.egress.flatMap(({ ports: list }, index): Finding[] => {
      const path = `spec.egress[${index}].ports`;
      if (list.length === 0) {
        return [
          {
            path,
            severity: 'warning',
            message: 'is empty, so this rule opens nothing: list the ports',
          },
        ];
      }
      return list.every(port => port >= 1 && port <= 65535)
        ? []
        : [{ path, message: 'must be ports from 1 to 65535' }];
    }),
};

const wide: MemberCheck = {
  rule: 'egress-wide',
  check: member =>
    member.spec.egress.flatMap(({ target }, index): Finding[] =>
      isWide(target)
        ? [
            {
              path: `spec.egress[${index}].target`,
              severity: 'warning',
              message:
                'reaches far more than one destination, also every pod without a policy of its own: name hosts or networks',
            },
          ]
        : [],
    ),
};

/** Rules about what a member reaches outside the mesh. */
export const memberEgressChecks: readonly MemberCheck[] = [
  targets,
  ports,
  wide,
];
