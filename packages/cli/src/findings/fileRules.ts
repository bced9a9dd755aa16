import { ruleLink } from '@lattice-portal/backstage-plugin-lattice-common';

/** Rules about how declarations fit the rest of the given files, which no cluster checks. */
export const FILE_RULES = [
  'unknown-kind',
  'target-empty',
  'target-account',
  'no-policies',
] as const;

/** Page and heading that explain what this command says of files, below the root of the documentation. */
export function fileRuleLink(rule: string): string {
  return (FILE_RULES as readonly string[]).includes(rule)
    ? `reference/commands/#${rule}`
    : ruleLink(rule);
}
