import { z } from 'zod/v4';

const text = z.string().min(1);

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
      entities: z.array(text).optional(),
    })
    .optional(),
  apiServerEntities: z.array(text).optional(),
  ignoredLabels: z.array(text).optional(),
});

const countOf = (...values: readonly unknown[]) =>
  values.filter(value => value !== undefined && value !== false).length;

/** One way to sign in to a cluster, in place of the cluster's own. */
const credential = z
  .strictObject({
    kubeconfig: text.optional(),
    context: text.optional(),
    inCluster: z.boolean().optional(),
    token: text.optional(),
    tokenFile: text.optional(),
  })
  .refine(
    ({ kubeconfig, inCluster, token, tokenFile }) =>
      countOf(kubeconfig, inCluster, token, tokenFile) === 1,
    'set exactly one of kubeconfig, inCluster: true, token and tokenFile',
  );

/** One entry of `lattice.clusters`. */
export const clusterSchema = z
  .strictObject({
    name: clusterName,
    mode: z.enum(['observe', 'reconcile']).default('observe'),
    kubeconfig: text.optional(),
    context: text.optional(),
    inCluster: z.boolean().optional(),
    url: text.optional(),
    caData: text.optional(),
    caFile: text.optional(),
    auth: z
      .strictObject({
        read: credential.optional(),
        reconcile: credential.optional(),
      })
      .optional(),
    actions: z.enum(['enabled', 'disabled']).default('disabled'),
    latticeServices: z.enum(['own', 'foreign']).default('foreign'),
    profile: profile.optional(),
  })
  .refine(
    ({ kubeconfig, inCluster, url }) =>
      countOf(kubeconfig, inCluster, url) <= 1,
    'set only one of kubeconfig (a path), inCluster: true and url',
  )
  .refine(
    ({ url, auth }) => url === undefined || auth?.read !== undefined,
    'a cluster given by url needs auth.read',
  );
