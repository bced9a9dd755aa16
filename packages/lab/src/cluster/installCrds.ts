import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../parts/types.ts';
import { checkoutDir } from '../parts/paths.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import { loadObjects } from './loadObjects.ts';
import type { KubernetesClient, KubernetesObject } from './KubernetesClient.ts';

const FIELD_MANAGER = 'lattice-lab';
const ESTABLISH_TIMEOUT_MS = 120_000;

/** Applies CRDs and waits until all are served. */
export async function installCrds(
  client: KubernetesClient,
  crds: KubernetesObject[],
  log: Log,
): Promise<void> {
  const started = Date.now();
  await Promise.all(crds.map(crd => client.apply(crd, FIELD_MANAGER)));
  await waitUntil(() => allServed(client, crds), {
    what: 'the CRDs to be served',
    timeoutMs: ESTABLISH_TIMEOUT_MS,
  });
  log(
    `CRDs: ${crds.length} served after ${(
      (Date.now() - started) /
      1000
    ).toFixed(1)} s`,
  );
}

/** Our own CRDs, as the checkout has them; none while it has no such folder. */
export async function ownCrds(): Promise<KubernetesObject[]> {
  const folder = join(checkoutDir(), 'deploy', 'crds');
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  const objects = exists ? await loadObjects(folder) : [];
  return objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
}

/** Asks the discovery, which is small; a list of the CRDs themselves is megabytes. */
async function allServed(
  client: KubernetesClient,
  crds: KubernetesObject[],
): Promise<boolean> {
  const wanted = crds.flatMap(servedResources);
  const groupVersions = [
    ...new Set(wanted.map(({ groupVersion }) => groupVersion)),
  ];
  const served = new Set<string>();
  await Promise.all(
    groupVersions.map(async groupVersion => {
      const list = await client.find<{ resources: { name: string }[] }>(
        `/apis/${groupVersion}`,
      );
      list?.resources.forEach(({ name }) =>
        served.add(`${groupVersion}/${name}`),
      );
    }),
  );
  return wanted.every(({ groupVersion, plural }) =>
    served.has(`${groupVersion}/${plural}`),
  );
}

function servedResources(
  crd: KubernetesObject,
): { groupVersion: string; plural: string }[] {
  const { group, names, versions } = crd.spec as {
    group: string;
    names: { plural: string };
    versions: { name: string; served: boolean }[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name }) => ({
      groupVersion: `${group}/${name}`,
      plural: names.plural,
    }));
}
