import { createHash } from 'node:crypto';
import { Finding } from '../findings/Finding';
import { visible } from './visible';

function escapeMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

function headingOf({ object, path, message }: Finding): string {
  const subject = [object, path].filter(Boolean).join(' ');
  return visible([subject, message].filter(Boolean).join(': '));
}

/** Workflow commands of GitHub Actions, which show each finding beside its line of the pull request. */
export function formatGithub(findings: readonly Finding[]): string {
  return findings
    .map(finding => {
      const properties = Object.entries({
        file: finding.file,
        line: String(finding.line),
        col: String(finding.column),
        title: finding.rule,
      }).map(([key, value]) => `${key}=${escapeProperty(value)}`);
      return `::${finding.severity} ${properties.join(',')}::${escapeMessage(
        headingOf(finding),
      )}\n`;
    })
    .join('');
}

/** The code quality report of GitLab, which shows each finding in the merge request. */
export function formatGitlab(findings: readonly Finding[]): string {
  const seen = new Map<string, number>();
  const report = findings.map(finding => {
    const { rule, severity, file, line, object, path } = finding;
    // The line is left out, so that a finding stays the same one when lines above it change.
    const identity = JSON.stringify([rule, file, object, path]);
    const repetition = seen.get(identity) ?? 0;
    seen.set(identity, repetition + 1);
    return {
      description: headingOf(finding),
      check_name: rule,
      fingerprint: createHash('sha256')
        .update(`${identity}${repetition}`)
        .digest('hex'),
      severity: severity === 'error' ? 'major' : 'minor',
      location: { path: file, lines: { begin: line } },
    };
  });
  return `${JSON.stringify(report, null, 2)}\n`;
}
