import { CedarPolicy } from '../api/policyModel';
import { AdmissionRules, Check, runChecks, Violation } from './violation';

/** Reads Cedar text and says what is wrong with it; the engine itself does not belong into the domain. */
export type ReadCedar = (text: string) => readonly string[];

type PolicyCheck = Check<CedarPolicy>;

const MAX_SHOWN = 3;
const MAX_PROBLEM = 100;

const namespace: PolicyCheck = {
  rule: 'policy-namespace',
  check: ({ metadata }, { cedarNamespace }) =>
    cedarNamespace === undefined || metadata.namespace === cedarNamespace
      ? undefined
      : {
          path: 'metadata.namespace',
          severity: 'warning',
          message: `is not where policies count, else a team could permit itself: only those in ${cedarNamespace} do; move it there, or take it out`,
        },
};

const empty: PolicyCheck = {
  rule: 'policy-empty',
  check: ({ policies, enabled }) =>
    enabled && policies.trim() === ''
      ? {
          path: 'spec.policies',
          severity: 'warning',
          message:
            'holds no policy, so it permits and forbids nothing: write one, or take the object out',
        }
      : undefined,
};

function syntax(read: ReadCedar): PolicyCheck {
  return {
    rule: 'policy-syntax',
    check: ({ policies }) => {
      const problems = read(policies);
      if (problems.length === 0) {
        return undefined;
      }
      const shown = problems
        .slice(0, MAX_SHOWN)
        .map(problem => problem.slice(0, MAX_PROBLEM))
        .join('; ');
      return {
        path: 'spec.policies',
        message: `is not Cedar (${shown}), and while it counts nothing is decided, because it might forbid: correct the text`,
      };
    },
  };
}

/**
 * Holds a CedarPolicy against the admission rules. Its text is only judged when the caller brings an engine that
 * reads it.
 */
export function checkPolicy(
  policy: CedarPolicy,
  rules: AdmissionRules,
  read?: ReadCedar,
): Violation[] {
  return runChecks(
    [namespace, empty, ...(read ? [syntax(read)] : [])],
    policy,
    rules,
    path => path,
  );
}
