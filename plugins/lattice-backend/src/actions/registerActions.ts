import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { FleetStore, MemberStore, PackageStore } from '../api/FleetStore';

const READ_ONLY = { readOnly: true, destructive: false, idempotent: true };

/** Readable answers are JSON; their shapes are in the OpenAPI document of the plugin. */
function asJson<T>(value: T): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/** Offers the reads of the HTTP API to MCP clients and to templates, for whoever calls and with that caller's rights. */
export function registerActions(
  registry: ActionsRegistryService,
  stores: { packages: PackageStore; members: MemberStore },
): void {
  registerReads(registry, stores.packages, {
    one: 'package',
    many: 'packages',
    purpose:
      'Lattice packages: third-party software installed from Helm charts. Use it to learn whether such software is healthy, which version is wanted and which runs, and what blocks it.',
  });
  registerReads(registry, stores.members, {
    one: 'member',
    many: 'members',
    purpose:
      'Lattice mesh members: which workloads may call each other. Use it to learn which agreements are enforced and which side of one is missing.',
  });
}

function registerReads<Summary, Detail>(
  registry: ActionsRegistryService,
  store: FleetStore<Summary, Detail>,
  words: { one: string; many: string; purpose: string },
): void {
  registry.register({
    name: `list-${words.many}`,
    title: `List ${words.many}`,
    description: `${words.purpose} Lists those that you may read; "clusters" tells how complete the list is.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          cluster: z.string().optional().describe('Only this cluster'),
          namespace: z.string().optional().describe('Only this namespace'),
        }),
      output: z =>
        z.object({
          items: z.array(z.record(z.unknown())),
          clusters: z.array(z.record(z.unknown())),
        }),
    },
    action: async ({ input, credentials }) => {
      const { items, clusters } = await store.list(input, { credentials });
      return {
        output: { items: items.map(asJson), clusters: clusters.map(asJson) },
      };
    },
  });
  registry.register({
    name: `get-${words.one}`,
    title: `Get one ${words.one}`,
    description: `${words.purpose} Returns everything that is known of one.`,
    attributes: READ_ONLY,
    schema: {
      input: z =>
        z.object({
          cluster: z.string().describe('Name of the cluster'),
          namespace: z.string().describe('Kubernetes namespace'),
          name: z.string().describe(`Name of the ${words.one}`),
        }),
      output: z =>
        z.object({
          item: z.record(z.unknown()),
          cluster: z.record(z.unknown()),
        }),
    },
    action: async ({ input, credentials }) => {
      const key: FleetKey = input;
      const { item, cluster } = await store.get(key, { credentials });
      return { output: { item: asJson(item), cluster: asJson(cluster) } };
    },
  });
}
