import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../parts/types.ts';
import { checkoutDir } from '../parts/paths.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import { loadObjects } from './loadObjects.ts';
import type { KubernetesClient, KubernetesObject } from './KubernetesClient.ts';

const FIELD_MANAGER = 'lattice-lab';
const ESTABLISH_TIMEOUT_MS = 60_000;

/** Files with the CRDs of the products that Lattice works with, below the files of part `sources`. */
const FOREIGN_CRDS = ['crds/external-secrets.yaml', 'crds/cilium', 'crds/istio.yaml'];

/** Applies the CRDs of External Secrets, Cilium and Istio and our own, and waits until all are served. */
export async function installCrds(
  client: KubernetesClient,
  sourcesDir: string,
  log: Log,
): Promise<void> {
  const started = Date.now();
  const foreign = FOREIGN_CRDS.map(file => join(sourcesDir, file));
  const own = join(checkoutDir(), 'deploy', 'crds');
  const hasOwn = await access(own).then(
    () => true,
    () => false,
  );
  const objects = (await Promise.all([...foreign, ...(hasOwn ? [own] : [])].map(loadObjects))).flat();
  const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await Promise.all(crds.map(crd => client.apply(withoutConversionWebhook(crd), FIELD_MANAGER)));
  await waitUntil(() => allServed(client, crds), {
    what: 'the CRDs to be served',
    timeoutMs: ESTABLISH_TIMEOUT_MS,
  });
  log(`CRDs: ${crds.length} served after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The operator's own chart brings the webhook that converts old versions; nothing in the lab writes those. */
function withoutConversionWebhook(crd: KubernetesObject): KubernetesObject {
  const { conversion: _webhook, ...spec } = crd.spec as Record<string, unknown>;
  return { ...crd, spec };
}

/** Asks the discovery, which is small; a list of the CRDs themselves is megabytes. */
async function allServed(client: KubernetesClient, crds: KubernetesObject[]): Promise<boolean> {
  const wanted = crds.flatMap(servedResources);
  const groupVersions = [...new Set(wanted.map(({ groupVersion }) => groupVersion))];
  const served = new Set<string>();
  await Promise.all(
    groupVersions.map(async groupVersion => {
      const list = await client.find<{ resources: { name: string }[] }>(`/apis/${groupVersion}`);
      list?.resources.forEach(({ name }) => served.add(`${groupVersion}/${name}`));
    }),
  );
  return wanted.every(({ groupVersion, plural }) => served.has(`${groupVersion}/${plural}`));
}

function servedResources(crd: KubernetesObject): { groupVersion: string; plural: string }[] {
  const { group, names, versions } = crd.spec as {
    group: string;
    names: { plural: string };
    versions: { name: string; served: boolean }[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name }) => ({ groupVersion: `${group}/${name}`, plural: names.plural }));
}
