import {
  count,
  detailAnswer,
  flag,
  fleetKey,
  listAnswer,
  listOf,
  object,
  ref,
  text,
  time,
} from './openApiBuilders';

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

/** Schemas of what the HTTP API says of packages. */
export const packageSchemas = {
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
  PackageList: listAnswer('PackageSummary'),
  PackageAnswer: detailAnswer('PackageDetail'),
} as const;
