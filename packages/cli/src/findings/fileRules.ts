/** Rules about how declarations fit the rest of the given files, which no cluster checks. */
export const FILE_RULES = [
  'unknown-kind',
  'target-empty',
  'target-account',
  'no-policies',
] as const;

/** Page and heading that explain a rule of this command, below the root of the documentation. */
export function fileRuleLink(rule: string): string {
  const page = (FILE_RULES as readonly string[]).includes(rule)
    ? 'reference/commands/'
    : 'reference/rules/';
  return `${page}#${rule}`;
}
