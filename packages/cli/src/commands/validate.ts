import { hasErrors } from '../finding';
import { readManifests } from '../manifests/readManifests';
import { readRules } from '../settings/readRules';
import { EXIT_FINDINGS, EXIT_FINE, Shell } from '../shell';
import { checkManifests } from './checkManifests';
import { formatFindings } from './formatFindings';

/** `lattice validate`: reports everything that the cluster would refuse, and what else is worth a look. */
export function validate(
  paths: readonly string[],
  options: { readonly config?: string; readonly output: 'text' | 'json' },
  shell: Shell,
): void {
  const settings = readRules(options.config);
  const manifests = readManifests(paths);
  const findings = checkManifests(manifests, settings);
  if (!settings.areRepositoriesKnown) {
    shell.note(
      'lattice: allowed repositories are not checked; give the rules of your platform with --config FILE',
    );
  }
  const objects =
    manifests.packages.length +
    manifests.members.length +
    manifests.policies.length;
  shell.print(
    options.output === 'json'
      ? `${JSON.stringify({ findings }, null, 2)}\n`
      : formatFindings(findings, objects, process.stdout.isTTY ?? false),
  );
  shell.finish(hasErrors(findings) ? EXIT_FINDINGS : EXIT_FINE);
}
