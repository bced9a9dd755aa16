import { createColors } from 'picocolors';
import { Finding } from '../finding';

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** One line for each finding, as compilers write them, and one that sums up. */
export function formatFindings(
  findings: readonly Finding[],
  objects: number,
  isColored: boolean,
): string {
  const { red, yellow, dim } = createColors(isColored);
  const lines = findings.map(finding => {
    const mark =
      finding.severity === 'error' ? red('error') : yellow('warning');
    const subject = [finding.object, finding.path].filter(Boolean).join(' ');
    return `${finding.file}:${finding.line}: ${mark} ${subject}: ${
      finding.message
    } ${dim(`[${finding.rule}]`)}`;
  });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const summary = `${count(objects, 'object')}, ${count(
    errors,
    'error',
  )}, ${count(findings.length - errors, 'warning')}`;
  return `${[...lines, summary].join('\n')}\n`;
}
