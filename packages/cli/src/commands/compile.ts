import {
  AgreementGraph,
  checkMember,
  compilePolicies,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { stringify } from 'yaml';
import { describeObject, Finding, hasErrors } from '../finding';
import { membersOf } from '../manifests/membersOf';
import { Manifests, readManifests } from '../manifests/readManifests';
import { readProfile } from '../settings/readProfile';
import { readRules } from '../settings/readRules';
import { EXIT_FINDINGS, EXIT_FINE, Shell } from '../shell';
import { formatFindings } from './formatFindings';

/** What keeps declarations from being compiled: policies of half a truth would mislead. */
function refusals(manifests: Manifests): Finding[] {
  const { rules } = readRules(undefined);
  const violations = membersOf(manifests).flatMap(({ object, source }) =>
    checkMember(object, rules).map(
      (violation): Finding => ({
        ...violation,
        file: source.file,
        line: source.lineOf(violation.path),
        object: describeObject(object.kind, object.metadata),
      }),
    ),
  );
  return [...manifests.findings, ...violations].filter(
    ({ severity }) => severity === 'error',
  );
}

function orderOf({ kind, metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}/${kind}`;
}

function render(objects: readonly KubernetesObject[]): string {
  return [...objects]
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .map(
      object =>
        `---\n${stringify(object, {
          aliasDuplicateObjects: false,
          lineWidth: 0,
          version: '1.1',
        })}`,
    )
    .join('');
}

/** `lattice compile`: prints the policies that a controller would write for these declarations. */
export function compile(
  paths: readonly string[],
  options: { readonly profile?: string },
  shell: Shell,
): void {
  const profile = readProfile(options.profile);
  const manifests = readManifests(paths);
  const findings = refusals(manifests);
  if (hasErrors(findings)) {
    shell.note(
      formatFindings(findings, manifests.members.length, false).trimEnd(),
    );
    shell.finish(EXIT_FINDINGS);
    return;
  }
  const graph = new AgreementGraph();
  membersOf(manifests).forEach(({ object }) => graph.set(object));
  const objects = graph
    .keys()
    .flatMap(key => compilePolicies(graph, key, profile));
  shell.print(render(objects));
  shell.finish(EXIT_FINE);
}
