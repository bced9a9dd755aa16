import {
  count,
  flag,
  listOf,
  object,
  ref,
  text,
  time,
} from './openApiBuilders';
import { memberSchemas } from './openApiMemberSchemas';
import { packageSchemas } from './openApiPackageSchemas';

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
  ClusterList: object(
    'The clusters.',
    { items: listOf(ref('ClusterRow')), note: text },
    ['items'],
  ),
  ClusterRow: object(
    'One cluster: how good the answers about it are, and how it is set up.',
    {
      cluster: text,
      mode: { type: 'string', enum: ['observe', 'reconcile'] },
      complete: flag,
      revision: count,
      lastSeenAt: time,
      error: text,
      setUp: ref('ClusterSetUp'),
    },
    ['cluster', 'mode', 'complete', 'revision'],
  ),
  ClusterSetUp: object(
    'How a cluster is set up, as far as it says so itself.',
    {
      serverVersion: text,
      definitions: listOf(text),
      engines: object(
        'Which engines serve their kinds.',
        { cilium: flag, istio: flag, externalSecrets: flag },
        ['cilium', 'istio', 'externalSecrets'],
      ),
      trustDomain: text,
      rootNamespace: text,
      clusterName: text,
      policyEnforcement: text,
      isPolicyAudited: flag,
      differences: listOf(text),
    },
    ['definitions', 'engines', 'differences'],
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
  ...packageSchemas,
  ...memberSchemas,
} as const;

/** Refers to one of them. */
export function schemaRef<Name extends keyof typeof latticeOpenApiSchemas>(
  name: Name,
) {
  return { $ref: `#/components/schemas/${name}` } as const;
}
