import { z } from 'zod/v3';

type Zod = typeof z;

const peers = (zod: Zod) =>
  zod
    .array(
      zod.object({
        namespace: zod
          .string()
          .optional()
          .describe('Namespace of the service; the own one when empty'),
        name: zod.string().describe('Name of the service'),
      }),
    )
    .optional();

/** Flat input of the actions that work on a pair: the parameters of `template:default/lattice-package`. */
export const pairInputSchema = {
  cluster: (zod: Zod) =>
    zod.string().describe('Cluster, as named in lattice.clusters'),
  namespace: (zod: Zod) => zod.string().describe('Namespace to install into'),
  name: (zod: Zod) =>
    zod
      .string()
      .describe('Name of the package, its release and its mesh member'),
  owner: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe('Entity ref of the owning group, for the reviewer'),
  repository: (zod: Zod) =>
    zod
      .string()
      .describe('Chart repository, oci:// or https://, without the chart name'),
  chart: (zod: Zod) => zod.string().describe('Name of the chart'),
  version: (zod: Zod) => zod.string().describe('Exact chart version'),
  values: (zod: Zod) =>
    zod
      .union([zod.string(), zod.record(zod.unknown())])
      .optional()
      .describe(
        'Chart values, as YAML text or an object; secrets only as references',
      ),
  secrets: (zod: Zod) =>
    zod
      .array(
        zod.object({
          resource: zod
            .string()
            .describe('Name used in ${resources.<name>.<key>}'),
          provider: zod
            .string()
            .optional()
            .describe('Secret store; the configured default when empty'),
          id: zod
            .string()
            .optional()
            .describe('Path in the store; by the configured rule when empty'),
          keys: zod
            .array(zod.string())
            .optional()
            .describe('Keys that are read'),
        }),
      )
      .optional()
      .describe('Where secrets lie. Never their values'),
  ports: (zod: Zod) =>
    zod
      .array(
        zod.object({
          port: zod.number().int().min(1).max(65535).describe('Container port'),
          name: zod.string().describe('Name of the port'),
          peerAuth: zod
            .enum(['Strict', 'Permissive', 'Webhook'])
            .optional()
            .describe('How callers authenticate; Strict (mTLS) by default'),
        }),
      )
      .optional()
      .describe('Ports that agreed callers may reach'),
  selector: (zod: Zod) =>
    zod
      .union([zod.string(), zod.record(zod.string())])
      .optional()
      .describe(
        'Pod labels, as "key=value,key=value" or an object; app.kubernetes.io/instance=<name> when empty',
      ),
  allowedCallers: (zod: Zod) => peers(zod).describe('Who may call it'),
  dependencies: (zod: Zod) => peers(zod).describe('What it calls'),
  repoUrl: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe(
        'Repository as host?owner=…&repo=… or the address of its page; lattice.git.repoUrl when empty',
      ),
  branch: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe('Branch that is deployed; lattice.git.branch when empty'),
  workload: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe('Answer of the decision aid, for the reviewer'),
  teams: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe('Answer of the decision aid, for the reviewer'),
};

/** What the schema yields. */
export type PairInput = {
  [K in keyof typeof pairInputSchema]: z.infer<
    ReturnType<(typeof pairInputSchema)[K]>
  >;
} extends infer Whole
  ? OptionalWhereUndefined<Whole>
  : never;

type OptionalWhereUndefined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: T[K];
};
