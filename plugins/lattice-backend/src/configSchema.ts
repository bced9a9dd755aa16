import { z } from 'zod/v4';

const text = z.string().min(1);
const texts = z.array(text);

/** Names of clusters stand in URLs, annotations and file paths. */
const clusterName = text.regex(
  /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/,
  'must consist of lower-case letters, digits, "-" and "."',
);

const profile = z.strictObject({
  trustDomain: text.optional(),
  rootNamespace: text.optional(),
  clusterName: text.optional(),
  engines: z
    .strictObject({
      cilium: z.boolean().optional(),
      istio: z.boolean().optional(),
    })
    .optional(),
  mtls: z.enum(['required', 'notRequired']).optional(),
  dns: z
    .strictObject({
      namespace: text.optional(),
      labels: z.record(z.string(), z.string()).optional(),
      ports: z.array(z.number().int().min(1).max(65535)).optional(),
    })
    .optional(),
  apiServerEntities: texts.optional(),
});

const cluster = z
  .strictObject({
    name: clusterName,
    mode: z.enum(['observe', 'reconcile']).default('observe'),
    kubeconfig: text.optional(),
    context: text.optional(),
    inCluster: z.boolean().optional(),
    actions: z.enum(['enabled', 'disabled']).default('disabled'),
    latticeServices: z.enum(['own', 'foreign']).default('foreign'),
    profile: profile.optional(),
  })
  .refine(
    ({ kubeconfig, inCluster }) =>
      (kubeconfig !== undefined) !== (inCluster === true),
    'set either kubeconfig (a path) or inCluster: true',
  );

const mirror = z.strictObject({
  from: text,
  to: text,
  caFile: text.optional(),
  passLogin: z.boolean().default(false),
});

const cedarPolicy = z.union([text, z.strictObject({ id: text, policy: text })]);

const owner = z.strictObject({
  cluster: text.optional(),
  namespace: text,
  owner: text,
});

const objectName = text.regex(
  /^[^/]+\/[^/]+$/,
  'must have the form namespace/name',
);

/** Everything below `lattice:`; unknown keys are refused, so that a misspelt one is never silently off. */
export const latticeConfigSchema = z.strictObject({
  clusters: z
    .array(cluster)
    .default([])
    .superRefine((clusters, context) => {
      clusters.forEach(({ name }, index) => {
        if (clusters.findIndex(other => other.name === name) < index) {
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `"${name}" is the name of another cluster as well`,
          });
        }
      });
    }),
  controllers: z
    .strictObject({ enabled: z.boolean().default(true) })
    .prefault({}),
  helm: z
    .strictObject({
      binary: text.optional(),
      concurrency: z.number().int().min(1).max(64).optional(),
    })
    .prefault({}),
  charts: z
    .strictObject({
      allowedRepositories: texts.default([]),
      archiveHosts: texts.default([]),
      tokenHosts: texts.default([]),
      mirrors: z.array(mirror).default([]),
      cacheDirectory: text.optional(),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      defaultStore: text.optional(),
      defaultKey: text.default('{namespace}/{resource}'),
    })
    .prefault({}),
  cedar: z
    .strictObject({
      namespace: text.default('lattice-system'),
      policies: z.array(cedarPolicy).default([]),
    })
    .prefault({}),
  protectedNamespaces: texts.optional(),
  platformObjects: z.array(objectName).default([]),
  owners: z.array(owner).default([]),
  /** Read by the scaffolder module. */
  git: z.unknown().optional(),
  sources: z.unknown().optional(),
  webhook: z.unknown().optional(),
  history: z.unknown().optional(),
  findings: z.unknown().optional(),
});

/** Keys that are part of the surface but that this version does not act on. */
export const KEYS_WITHOUT_EFFECT = [
  'sources',
  'webhook',
  'history',
  'findings',
] as const;
