import { TemplatePart } from './references';

/** Variables that values may use besides secrets. */
export const VARIABLES = [
  'metadata.name',
  'metadata.namespace',
  'cluster.name',
] as const;

/** Values of variables; one that is not known here is a problem where it is used. */
export type Variables = Readonly<
  Partial<Record<(typeof VARIABLES)[number], string>>
>;

/**
 * What is wrong with a part that is not a secret reference. Never repeats the expression: it may be part of a
 * password that happens to hold `${`.
 */
export function variableProblem(part: TemplatePart): string | undefined {
  if (part.kind === 'unclosed') {
    return 'has a ${ without its }: close it, or write $${ for a literal ${';
  }
  if (
    part.kind === 'variable' &&
    !(VARIABLES as readonly string[]).includes(part.name)
  ) {
    return `has an unknown \${...} expression: secrets are \${resources.<name>.<key>}, and other variables ${VARIABLES.join(
      ', ',
    )}; write $\${ for a literal \${`;
  }
  return undefined;
}
