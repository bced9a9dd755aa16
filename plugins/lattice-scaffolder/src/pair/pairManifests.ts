import {
  ANNOTATION_SOURCE,
  JsonObject,
  LATTICE_API_VERSION,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Document, Node, isNode } from 'yaml';
import { PairRequest, SecretReference } from './types';

/** Where each object of a pair is declared, as the value of `lattice.dev/source`. */
export interface PairSources {
  readonly package: string;
  readonly member: string;
}

/** Texts of the two files, in a stable order, so that a second run changes nothing that did not change. */
export interface PairTexts {
  readonly package: string;
  readonly member: string;
}

type CommentedPath = readonly [path: readonly string[], comment: string];

const PACKAGE_HEADER =
  ' What runs: a Helm chart that Lattice installs, upgrades, heals and removes.\n' +
  ' Change it by a pull request; a change made on the cluster is undone.';
const PACKAGE_COMMENTS: readonly CommentedPath[] = [
  [['spec', 'chart'], ' Exact version. Upgrade by changing it.'],
  [
    ['spec', 'values'],
    ' Values of the chart. Secrets are references, never values.',
  ],
  [['spec', 'resources'], ' Where the secrets lie in the secret store.'],
];
const MEMBER_HEADER =
  ' How it takes part in the mesh. Whatever is not agreed by both sides stays closed.';
const MEMBER_COMMENTS: readonly CommentedPath[] = [
  [['spec', 'target'], ' Labels of the pods that this speaks for.'],
  [
    ['spec', 'ports'],
    ' Ports that agreed callers may reach. A new port of the chart belongs here too.',
  ],
  [
    ['spec', 'allowedCallers'],
    ' Who may call it. Each of them must declare the dependency on its side.',
  ],
  [
    ['spec', 'dependencies'],
    ' What it calls. Each of them must allow it on its side.',
  ],
];

/** Writes both manifests in the shape of the book's chapter. */
export function pairManifests(
  request: PairRequest,
  sources: PairSources,
): PairTexts {
  return {
    package: write(
      packageObject(request, sources.package),
      PACKAGE_HEADER,
      PACKAGE_COMMENTS,
    ),
    member: write(
      memberObject(request, sources.member),
      MEMBER_HEADER,
      MEMBER_COMMENTS,
    ),
  };
}

function packageObject(request: PairRequest, source: string): JsonObject {
  const resources = Object.fromEntries(
    [...request.secrets]
      .sort((a, b) => compare(a.resource, b.resource))
      .map(secret => [secret.resource, secretResource(secret)]),
  );
  return {
    apiVersion: LATTICE_API_VERSION,
    kind: 'LatticePackage',
    metadata: objectMeta(request, source),
    spec: {
      chart: {
        repo: request.repository,
        name: request.chart,
        version: request.version,
      },
      ...(hasKeys(request.values) && { values: request.values }),
      ...(hasKeys(resources) && { resources }),
    },
  };
}

function memberObject(request: PairRequest, source: string): JsonObject {
  return {
    apiVersion: LATTICE_API_VERSION,
    kind: 'LatticeMeshMember',
    metadata: objectMeta(request, source),
    spec: {
      target: { selector: { ...request.selector } },
      ports: request.ports.map(port => ({ ...port })),
      allowedCallers: request.allowedCallers.map(writtenPeer),
      dependencies: request.dependencies.map(writtenPeer),
    },
  };
}

function objectMeta(request: PairRequest, source: string): JsonObject {
  return {
    name: request.name,
    namespace: request.namespace,
    annotations: { [ANNOTATION_SOURCE]: source },
  };
}

function secretResource(secret: SecretReference): JsonObject {
  return {
    type: 'secret',
    ...(secret.id && { id: secret.id }),
    params: {
      ...(secret.provider && { provider: secret.provider }),
      ...(secret.keys.length > 0 && { keys: [...secret.keys] }),
    },
  };
}

function writtenPeer(peer: { name: string; namespace: string }): JsonObject {
  return { name: peer.name, namespace: peer.namespace };
}

function write(
  object: JsonObject,
  header: string,
  comments: readonly CommentedPath[],
): string {
  const document = new Document(object, {
    // Helm and Kubernetes read YAML 1.1: there `yes` and `0644` need quotes to stay strings.
    version: '1.1',
    aliasDuplicateObjects: false,
  });
  document.commentBefore = header;
  for (const [path, comment] of comments) {
    commentKey(document, path, comment);
  }
  return document.toString({ lineWidth: 0 });
}

/** Puts a comment above a key; a key that is not there gets none. */
function commentKey(
  document: Document,
  path: readonly string[],
  comment: string,
): void {
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  if (!isNode(parent) || !('items' in parent)) {
    return;
  }
  const items = parent.items as { key: unknown }[];
  const pair = items.find(item => keyText(item.key) === path.at(-1));
  if (pair && isNode(pair.key)) {
    (pair.key as Node).commentBefore = comment;
  }
}

function keyText(key: unknown): unknown {
  return isNode(key) && 'value' in key ? key.value : key;
}

function hasKeys(object: JsonObject): boolean {
  return Object.keys(object).length > 0;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
