import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadObjects } from './loadObjects.ts';
import type { KubernetesObject } from './KubernetesClient.ts';

/** Files with the CRDs of the products that Lattice works with, below the files of part `sources`. */
const FILES = ['crds/external-secrets.yaml', 'crds/cilium', 'crds/istio.yaml'];

/** Kinds that nothing of ours reads, writes or refuses by name, and that cost an API server the most. */
const LEFT_OUT = [
  /^ciliumbgp/,
  /^ciliumnode/,
  /^(destinationrules|virtualservices|workloadentries|workloadgroups)\.networking\.istio\.io$/,
];
const GENERATORS = /\.generators\.external-secrets\.io$/;

/** Name of the file beside the sources that keeps the parsed form; its number grows with each change of this file. */
const PARSED = 'crds-parsed-1.json';

type Version = { served: boolean };

/**
 * The CRDs of External Secrets, Cilium and Istio as they are released, without versions that are no longer served and
 * the webhook that would convert them. The real operator needs its generators too.
 */
export async function foreignCrds(
  sourcesDir: string,
  options: { withGenerators: boolean },
): Promise<KubernetesObject[]> {
  const crds = await parsedCrds(sourcesDir);
  return crds.filter(
    ({ metadata }) => options.withGenerators || !GENERATORS.test(metadata.name),
  );
}

/** Parsing megabytes of YAML takes seconds, so it is done once. */
async function parsedCrds(sourcesDir: string): Promise<KubernetesObject[]> {
  const path = join(sourcesDir, PARSED);
  const parsed = await readFile(path, 'utf8').catch(() => undefined);
  if (parsed) {
    return JSON.parse(parsed) as KubernetesObject[];
  }
  const objects = (
    await Promise.all(FILES.map(file => loadObjects(join(sourcesDir, file))))
  ).flat();
  const crds = objects
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .filter(
      ({ metadata }) => !LEFT_OUT.some(pattern => pattern.test(metadata.name)),
    )
    .map(onlyServed);
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(crds));
  await rename(temporary, path);
  return crds;
}

function onlyServed(crd: KubernetesObject): KubernetesObject {
  const {
    conversion: _webhook,
    versions,
    ...spec
  } = crd.spec as { versions: Version[] } & Record<string, unknown>;
  return {
    ...crd,
    spec: { ...spec, versions: versions.filter(({ served }) => served) },
  };
}
