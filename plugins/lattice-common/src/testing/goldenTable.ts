import { Violation } from '../validation';

/** `rule path`, with `(warning)` where it does not refuse. */
export function lines(violations: readonly Violation[]): string[] {
  return violations.map(
    ({ rule, path, severity }) =>
      `${rule} ${path}${severity === 'warning' ? ' (warning)' : ''}`,
  );
}

/** Messages that break the style: too long for a list, or ending in a full stop. */
export function unstyled(violations: readonly Violation[]): Violation[] {
  return violations.filter(
    ({ message }) => message.length > 400 || message.endsWith('.'),
  );
}
