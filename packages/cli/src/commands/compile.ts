import {
  AgreementGraph,
  ClusterProfile,
  compilePolicies,
  findMemberProblem,
  KubernetesObject,
  LatticeMember,
  ObjectKey,
  writtenPath,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeMember } from '../findings/Finding';
import { Remark } from '../findings/Remark';
import { Located } from '../manifests/Manifests';
import { renderYaml } from '../report/renderYaml';
import { readProfile } from '../settings/readProfile';
import { EXIT_FINE, Shell } from '../shell';
import { loadMembers, noteRemarks } from './loadMembers';

/** What `compile` was called with. */
export interface CompileOptions {
  readonly profile?: string;
  readonly config?: string;
  readonly output: 'text' | 'json';
}

const CHUNK = 500;

/** Members of which no policy can be made on a cluster with this profile. */
function withoutPolicies(
  members: readonly Located<LatticeMember>[],
  profile: ClusterProfile,
): Remark[] {
  return members.flatMap(({ object, source }): Remark[] => {
    const problem = findMemberProblem(object, profile);
    return problem
      ? [
          {
            rule: 'no-policies',
            severity: 'warning',
            object: describeMember(object),
            path: writtenPath(object.writtenPaths, 'spec.target'),
            message: `no policy is made of this on such a cluster: ${problem}`,
            at: source,
          },
        ]
      : [];
  });
}

function policiesOf(
  graph: AgreementGraph,
  key: ObjectKey,
  profile: ClusterProfile,
): KubernetesObject[] {
  return [...compilePolicies(graph, key, profile)].sort((a, b) =>
    a.kind < b.kind ? -1 : 1,
  );
}

function* inChunks<T>(items: Iterable<T>, size: number): Iterable<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  yield chunk;
}

/** Prints as it goes: the policies of a fleet are many times as large as its declarations. */
function printYaml(objects: Iterable<KubernetesObject>, shell: Shell): void {
  for (const chunk of inChunks(objects, CHUNK)) {
    shell.print(chunk.map(object => `---\n${renderYaml(object)}`).join(''));
  }
}

/** A List, as kubectl reads it. */
function printJson(objects: Iterable<KubernetesObject>, shell: Shell): void {
  const list = { apiVersion: 'v1', kind: 'List', items: [...objects] };
  shell.print(`${JSON.stringify(list, null, 2)}\n`);
}

/** `lattice compile`: prints the policies that a controller would write for these declarations. */
export async function compile(
  paths: readonly string[],
  options: CompileOptions,
  shell: Shell,
): Promise<void> {
  const profile = readProfile(options.profile);
  const loaded = await loadMembers(paths, options, shell);
  if (!loaded) {
    return;
  }
  const graph = new AgreementGraph();
  loaded.members.forEach(({ object }) => graph.set(object));
  noteRemarks(withoutPolicies(loaded.members, profile), shell);
  function* objects(): Iterable<KubernetesObject> {
    for (const key of graph.keys()) {
      yield* policiesOf(graph, key, profile);
    }
  }
  const print = options.output === 'json' ? printJson : printYaml;
  print(objects(), shell);
  shell.finish(EXIT_FINE);
}
