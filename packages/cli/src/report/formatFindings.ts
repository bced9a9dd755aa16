import { Finding } from '../findings/Finding';
import { paintWhen } from './paint';
import { visible, visibleStart } from './visible';

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** `2 objects, 1 error, 0 warnings` */
export function summarise(
  findings: readonly Finding[],
  objects: number,
): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return [
    count(objects, 'object'),
    count(errors, 'error'),
    count(findings.length - errors, 'warning'),
  ].join(', ');
}

/** One line for each finding, as compilers write them. */
export function formatFindings(
  findings: readonly Finding[],
  isColored: boolean,
): string {
  const paint = paintWhen(isColored);
  return findings
    .map(finding => {
      const { severity, file, line, column, object, path } = finding;
      const place = `${visibleStart(file)}:${line}:${column}:`;
      const mark = paint(severity === 'error' ? 'red' : 'yellow', severity);
      const subject = visible([object, path].filter(Boolean).join(' '));
      const text = [subject, visible(finding.message)]
        .filter(Boolean)
        .join(': ');
      return `${place} ${mark} ${text} ${paint('dim', `[${finding.rule}]`)}\n`;
    })
    .join('');
}
