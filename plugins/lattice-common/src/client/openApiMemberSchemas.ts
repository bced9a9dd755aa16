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
} from './openApiBuilders';

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

/** Schemas of what the HTTP API says of members. */
export const memberSchemas = {
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
  MemberList: listAnswer('MemberSummary'),
  MemberAnswer: detailAnswer('MemberDetail'),
} as const;
