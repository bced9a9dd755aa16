import { LatticeMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { checkMembers } from '../checks/checkManifests';
import { hasErrors } from '../findings/Finding';
import { placeRemarks } from '../findings/placeRemarks';
import { Remark } from '../findings/Remark';
import { Located, Manifests } from '../manifests/Manifests';
import { membersOf } from '../manifests/membersOf';
import { readManifests } from '../manifests/readManifests';
import { formatFindings } from '../report/formatFindings';
import { readRules } from '../settings/readRules';
import { EXIT_FINDINGS, Shell } from '../shell';

/** Declarations that hold up to admission. */
export interface LoadedMembers {
  readonly members: readonly Located<LatticeMember>[];
  readonly manifests: Manifests;
}

/** Writes findings to standard error, which is never for eyes alone. */
export function noteRemarks(remarks: readonly Remark[], shell: Shell): void {
  const text = formatFindings(placeRemarks(remarks), false);
  if (text !== '') {
    shell.note(text.trimEnd());
  }
}

/**
 * Reads declarations and holds them against admission. `undefined` after saying what is wrong and ending the command:
 * policies or explanations of half a truth would mislead.
 */
export async function loadMembers(
  paths: readonly string[],
  options: { readonly config?: string },
  shell: Shell,
): Promise<LoadedMembers | undefined> {
  const settings = readRules(options.config);
  const manifests = await readManifests(paths, shell);
  const members = membersOf(manifests);
  const refusals = [
    ...manifests.remarks,
    ...checkMembers(members, settings),
  ].filter(({ severity }) => severity === 'error');
  if (hasErrors(refusals)) {
    noteRemarks(refusals, shell);
    shell.finish(EXIT_FINDINGS);
    return undefined;
  }
  return { members, manifests };
}
