import { z } from 'zod/v4';
import { clusterSchema } from './clusterSchema';

const text = z.string().min(1);
const texts = z.array(text);

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
    .array(clusterSchema)
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
