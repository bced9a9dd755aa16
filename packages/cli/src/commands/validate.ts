import { checkManifests } from '../checks/checkManifests';
import { Finding, hasErrors } from '../findings/Finding';
import { placeRemarks } from '../findings/placeRemarks';
import { Manifests } from '../manifests/Manifests';
import { readManifests } from '../manifests/readManifests';
import { formatGithub, formatGitlab } from '../report/formatAnnotations';
import { formatFindings, summarise } from '../report/formatFindings';
import { readRules } from '../settings/readRules';
import { EXIT_FINDINGS, EXIT_FINE, Shell } from '../shell';

/** How `validate` can report. */
export const VALIDATE_OUTPUTS = ['text', 'json', 'github', 'gitlab'] as const;

/** What `validate` was called with. */
export interface ValidateOptions {
  readonly config?: string;
  readonly output: (typeof VALIDATE_OUTPUTS)[number];
}

function report(
  findings: readonly Finding[],
  objects: number,
  output: ValidateOptions['output'],
  shell: Shell,
): void {
  switch (output) {
    case 'json':
      shell.print(`${JSON.stringify({ findings }, null, 2)}\n`);
      break;
    case 'gitlab':
      // The report goes into a file, so the log of the job would say nothing.
      shell.note(
        `${formatFindings(findings, false)}${summarise(findings, objects)}`,
      );
      shell.print(formatGitlab(findings));
      break;
    case 'github':
      shell.print(formatGithub(findings));
      shell.print(`${summarise(findings, objects)}\n`);
      break;
    default:
      shell.print(formatFindings(findings, shell.isColored));
      shell.print(`${summarise(findings, objects)}\n`);
  }
}

function countObjects(manifests: Manifests): number {
  const { packages, members, policies, providers } = manifests;
  return [packages, members, policies, providers].flat().length;
}

/** `lattice validate`: reports everything that the cluster would refuse, and what else is worth a look. */
export async function validate(
  paths: readonly string[],
  options: ValidateOptions,
  shell: Shell,
): Promise<void> {
  const settings = readRules(options.config);
  const manifests = await readManifests(paths, shell);
  const findings = placeRemarks(checkManifests(manifests, settings));
  const objects = countObjects(manifests);
  if (!settings.areRepositoriesKnown) {
    shell.note(
      'lattice: allowed repositories are not checked; give the rules of your platform with --config FILE',
    );
  }
  if (objects === 0 && findings.length === 0) {
    shell.note('lattice: nothing of Lattice stands in these files');
  }
  report(findings, objects, options.output, shell);
  shell.finish(hasErrors(findings) ? EXIT_FINDINGS : EXIT_FINE);
}
