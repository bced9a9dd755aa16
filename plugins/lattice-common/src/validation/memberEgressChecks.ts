import { EgressRule, LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import {
  isClusterName,
  isInsideEntity,
  isWideTarget,
  targetProblem,
} from './egressTarget';
import { isPlatformObject } from './namespaceCheck';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;

type Find = (rule: EgressRule, path: string) => Finding | undefined;

function eachRule({ spec }: LatticeMember, find: Find): Finding[] {
  return spec.egress.flatMap(
    (rule, index) => find(rule, `spec.egress[${index}]`) ?? [],
  );
}

/**
 * What a service reaches outside, named by its resource. Services are written for whoever runs them, so that what is
 * refused for a member is said of a service, and no policy is made of it.
 */
function eachExternal({ spec }: LatticeMember, find: Find): Finding[] {
  return (spec.externals ?? []).flatMap(({ egress }, index) => {
    const path = `spec.externals[${index}]`;
    const finding = egress.map(rule => find(rule, path)).find(Boolean);
    return finding ? [{ ...finding, path, severity: 'warning' }] : [];
  });
}

function everyRule(member: LatticeMember, find: Find): Finding[] {
  return [...eachRule(member, find), ...eachExternal(member, find)];
}

const targets: MemberCheck = {
  rule: 'egress-target',
  check: member =>
    eachRule(member, ({ target }, path) => {
      const problem = targetProblem(target);
      return (
        problem && {
          path: `${path}.target.${problem.field}`,
          message: problem.message,
        }
      );
    }),
};

const entities: MemberCheck = {
  rule: 'egress-entity',
  check: member =>
    everyRule(member, ({ target }, path) =>
      'entity' in target && isInsideEntity(target.entity)
        ? {
            path: `${path}.target.entity`,
            message:
              "stands for pods of the cluster, so it would be the caller's half of every agreement at once, and no policy is made of it: name each workload under dependencies",
          }
        : undefined,
    ),
};

const wide: MemberCheck = {
  rule: 'egress-wide',
  check: (member, rules) =>
    everyRule(member, ({ target }, path) =>
      isWideTarget(target)
        ? {
            path: `${path}.target`,
            severity: isPlatformObject(member.metadata, rules)
              ? 'warning'
              : 'error',
            message: `reaches far more than one destination, so whatever takes this workload over can send data anywhere: name hosts or networks, or have the platform team list ${formatKey(
              member.metadata,
            )} in lattice.platformObjects`,
          }
        : undefined,
    ),
};

const inCluster: MemberCheck = {
  rule: 'egress-in-cluster',
  check: member =>
    everyRule(member, ({ target }, path) =>
      'fqdn' in target && isClusterName(target.fqdn)
        ? {
            path: `${path}.target.fqdn`,
            severity: 'warning',
            message:
              'names a Service of this cluster, which egress by name does not reach: name the workload under dependencies, and have it allow this caller',
          }
        : undefined,
    ),
};

const ports: MemberCheck = {
  rule: 'egress-ports',
  check: member =>
    eachRule(member, ({ ports: list }, path) => {
      if (list.length === 0) {
        return {
          path: `${path}.ports`,
          severity: 'warning',
          message: 'is empty, so this rule opens nothing: list the ports',
        };
      }
      return list.every(
        port => Number.isInteger(port) && port >= 1 && port <= 65535,
      )
        ? undefined
        : {
            path: `${path}.ports`,
            message: 'must be ports from 1 to 65535; there are no others',
          };
    }),
};

/** Rules about what a member reaches outside the mesh. */
export const memberEgressChecks: readonly MemberCheck[] = [
  targets,
  entities,
  wide,
  inCluster,
  ports,
];
