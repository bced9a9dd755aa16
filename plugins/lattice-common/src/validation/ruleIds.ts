/**
 * Every rule that objects are held against, by its stable id. An id is never given to another rule; each has its
 * heading in `docs/reference/rules.md` and its rows in the golden table, which tests compare with this list.
 */
export const RULE_IDS = [
  // Packages and members alike
  'namespace-form',
  'namespace-protected',
  'service-account-name',
  'field-unsupported',
  // Packages
  'target-namespace-form',
  'target-namespace-protected',
  'release-name',
  'repository-scheme',
  'repository-form',
  'repository-allowed',
  'chart-name',
  'version-pinned',
  'digest-form',
  'secret-ref-name',
  'depends-on',
  'allowed-dependents',
  'duration-range',
  'resource-name',
  'secret-provider',
  'secret-id',
  'secret-key',
  'secret-refresh',
  'references-resolvable',
  'resource-unused',
  'secret-in-values',
  // Members, and services as the members that they stand for
  'member-name',
  'selector-empty',
  'selector-syntax',
  'selector-reserved',
  'selector-ignored',
  'namespace-target',
  'namespace-target-peer-auth',
  'port-range',
  'port-name',
  'port-unique',
  'port-name-unique',
  'port-tunnel',
  'port-plaintext',
  'port-udp',
  'callers-without-ports',
  'caller-form',
  'dependency-form',
  'self-reference',
  'egress-target',
  'egress-entity',
  'egress-wide',
  'egress-in-cluster',
  'egress-ports',
  'service-account-default',
  // Cedar policies
  'policy-namespace',
  'policy-empty',
  'policy-syntax',
  // How objects fit together
  'release-conflict',
  'dependency-cycle',
  'dependency-missing',
  'member-missing',
  'member-shadowed',
  'agreement-half',
  'identity-shared',
  'selector-overlap',
  'selector-conflict',
] as const;

/** Id of a rule that objects are held against. */
export type RuleId = (typeof RULE_IDS)[number];

/** What the command line says of files besides: they have their headings on the same page. */
export const FILE_RULE_IDS = [
  'file',
  'yaml',
  'schema',
  'unknown-field',
  'duplicate-object',
  'secret-store',
] as const;

/** Page of the documentation that explains the rules, below its root. */
export const RULES_PAGE = 'reference/rules/';

/** Where a rule is explained: page and heading, below the root of the documentation. */
export function ruleLink(rule: string): string {
  return `${RULES_PAGE}#${rule.toLowerCase()}`;
}
