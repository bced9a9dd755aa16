const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const count = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;

const ref = <Name extends string>(name: Name) =>
  ({ $ref: `#/components/schemas/${name}` } as const);

const listOf = <Item extends object>(items: Item) =>
  ({ type: 'array', items } as const);

const fleetKey = {
  cluster: text,
  namespace: text,
  name: text,
} as const;

const packageSummary = {
  ...fleetKey,
  chart: text,
  repository: text,
  version: text,
  runningVersion: text,
  revision: count,
  phase: {
    type: 'string',
    enum: ['Pending', 'Progressing', 'Ready', 'Degraded', 'Failed', 'Deleting'],
  },
  message: text,
  owner: text,
  suspended: flag,
  createdAt: time,
} as const;

const packageSummaryRequired = [
  'cluster',
  'namespace',
  'name',
  'chart',
  'repository',
  'version',
  'phase',
  'suspended',
] as const;

const memberKind = {
  type: 'string',
  enum: ['LatticeMeshMember', 'LatticeService'],
} as const;

const memberSummary = {
  ...fleetKey,
  kind: memberKind,
  phase: text,
  message: text,
  ambient: flag,
  ports: listOf(ref('MemberPort')),
  enforcedEdges: count,
  openEdges: count,
  owner: text,
} as const;

const memberSummaryRequired = [
  'cluster',
  'namespace',
  'name',
  'kind',
  'phase',
  'ambient',
  'ports',
  'enforcedEdges',
  'openEdges',
] as const;

const object = <
  Properties extends object,
  Required extends readonly (keyof Properties & string)[],
>(
  description: string,
  properties: Properties,
  required: Required,
) => ({ type: 'object', description, properties, required } as const);

const listAnswer = <Name extends string>(name: Name) =>
  object(
    'The objects that the caller may see, and how good each cluster’s part of the answer is.',
    {
      items: listOf(ref(name)),
      clusters: listOf(ref('ClusterResult')),
      note: text,
    },
    ['items', 'clusters'],
  );

const detailAnswer = <Name extends string>(name: Name) =>
  object(
    'One object, and how good its cluster’s answer is.',
    { item: ref(name), cluster: ref('ClusterResult') },
    ['item', 'cluster'],
  );

/** Schemas of everything that the HTTP API answers with. */
export const latticeOpenApiSchemas = {
  Error: {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        properties: { name: text, message: text },
        required: ['name', 'message'],
      },
      request: {
        type: 'object',
        properties: { method: text, url: text },
      },
      response: {
        type: 'object',
        properties: { statusCode: count },
        required: ['statusCode'],
      },
    },
    required: ['error', 'response'],
  },
  ObjectKey: object(
    'Identity of a namespaced object within one cluster.',
    { namespace: text, name: text },
    ['namespace', 'name'],
  ),
  ClusterResult: object(
    'How good one cluster’s answer is.',
    {
      cluster: text,
      mode: { type: 'string', enum: ['observe', 'reconcile'] },
      complete: flag,
      revision: count,
      lastSeenAt: time,
      error: text,
    },
    ['cluster', 'mode', 'complete', 'revision'],
  ),
  Condition: object(
    'One condition of a status, as in metav1.Condition.',
    {
      type: text,
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: text,
      message: text,
      lastTransitionTime: text,
      observedGeneration: count,
    },
    ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  ),
  PackageSummary: object(
    'Row of the package list.',
    packageSummary,
    packageSummaryRequired,
  ),
  PackageStage: object(
    'A stage as the controller walks them.',
    {
      name: {
        type: 'string',
        enum: [
          'Validated',
          'Authorized',
          'SecretsResolved',
          'DependenciesReady',
          'Released',
          'Healthy',
          'MeshEnrolled',
        ],
      },
      state: {
        type: 'string',
        enum: ['done', 'active', 'failed', 'pending'],
      },
      reason: text,
      message: text,
      since: text,
    } as const,
    ['name', 'state'] as const,
  ),
  SecretRow: object(
    'A secret reference, never a value.',
    {
      resource: text,
      provider: text,
      remoteKey: text,
      keys: listOf(text),
      state: {
        type: 'string',
        enum: ['resolved', 'waiting', 'denied', 'stale'],
      },
      message: text,
    } as const,
    ['resource', 'state'] as const,
  ),
  PackageHistoryEntry: object(
    'One finished revision.',
    {
      revision: count,
      verb: text,
      chart: text,
      version: text,
      appVersion: text,
      digest: text,
      status: text,
      finishedAt: text,
    },
    ['revision', 'verb', 'chart', 'version', 'status', 'finishedAt'],
  ),
  PackageObject: object(
    'An object that the release holds.',
    { kind: text, namespace: text, name: text },
    ['kind', 'name'],
  ),
  PackageDetail: object(
    'Whole picture of one package.',
    {
      ...packageSummary,
      targetNamespace: text,
      conditions: listOf(ref('Condition')),
      stages: listOf(ref('PackageStage')),
      secrets: listOf(ref('SecretRow')),
      history: listOf(ref('PackageHistoryEntry')),
      objects: listOf(ref('PackageObject')),
      members: listOf(ref('ObjectKey')),
      source: text,
    },
    [
      ...packageSummaryRequired,
      'targetNamespace',
      'conditions',
      'stages',
      'secrets',
      'history',
      'objects',
      'members',
    ],
  ),
  MemberPort: object(
    'A port of a member.',
    {
      port: count,
      servicePort: count,
      name: text,
      peerAuth: {
        type: 'string',
        enum: ['Strict', 'Permissive', 'Webhook'],
      },
      protocol: { type: 'string', enum: ['TCP', 'UDP'] },
    } as const,
    ['port', 'servicePort', 'name', 'peerAuth', 'protocol'] as const,
  ),
  MemberTarget: {
    description: 'What a member selects: pods by labels, or its namespace.',
    oneOf: [
      object(
        'Pods by labels.',
        { selector: { type: 'object', additionalProperties: text } },
        ['selector'],
      ),
      object('A whole namespace.', { namespace: text }, ['namespace']),
    ],
  },
  MemberSummary: object(
    'Row of the member list.',
    memberSummary,
    memberSummaryRequired,
  ),
  EdgeView: object(
    'One agreement, seen from a member. The far side is named only as the near side wrote it.',
    {
      direction: { type: 'string', enum: ['inbound', 'outbound'] },
      caller: ref('ObjectKey'),
      callee: ref('ObjectKey'),
      state: {
        type: 'string',
        enum: [
          'enforced',
          'agreed',
          'halfCaller',
          'halfCallee',
          'refused',
          'unknown',
        ],
      },
      reason: text,
      since: text,
    } as const,
    ['direction', 'caller', 'callee', 'state', 'reason'] as const,
  ),
  MemberPolicy: object(
    'A generated policy, as YAML.',
    { kind: text, name: text, yaml: text },
    ['kind', 'name', 'yaml'],
  ),
  MemberDetail: object(
    'Whole picture of one member.',
    {
      ...memberSummary,
      target: ref('MemberTarget'),
      serviceAccount: text,
      conditions: listOf(ref('Condition')),
      edges: listOf(ref('EdgeView')),
      policies: listOf(ref('MemberPolicy')),
      source: text,
    },
    [
      ...memberSummaryRequired,
      'target',
      'serviceAccount',
      'conditions',
      'edges',
      'policies',
    ],
  ),
  PackageList: listAnswer('PackageSummary'),
  PackageAnswer: detailAnswer('PackageDetail'),
  MemberList: listAnswer('MemberSummary'),
  MemberAnswer: detailAnswer('MemberDetail'),
  ClusterList: object(
    'The clusters.',
    { items: listOf(ref('ClusterResult')), note: text },
    ['items'],
  ),
  Health: object(
    'Health of the plugin. Counts only: it is readable without sign-in.',
    {
      status: { type: 'string', enum: ['ok'] },
      clusters: object(
        'How many clusters are configured, and of how many the view is complete.',
        { configured: count, complete: count },
        ['configured', 'complete'],
      ),
      oldestSeenAt: time,
    } as const,
    ['status', 'clusters'] as const,
  ),
} as const;

/** Refers to one of them. */
export function schemaRef<Name extends keyof typeof latticeOpenApiSchemas>(
  name: Name,
) {
  return { $ref: `#/components/schemas/${name}` } as const;
}
