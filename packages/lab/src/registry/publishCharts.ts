import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { LabContext, RegistryInfo } from '../lab/types.ts';
import { checkoutDir } from '../parts/paths.ts';
import { runProgram } from '../processes/runProgram.ts';
import { CHARTS_PATH } from './startRegistry.ts';

/** Public charts that come with the Go modules of the lab; nothing of ours is tuned to them. */
const PUBLIC_CHARTS = ['podinfo', 'kwok', 'external-secrets'];

type Chart = {
  name: string;
  dependencies?: unknown[];
  [field: string]: unknown;
};

/** Packages our own and the public charts and pushes them to the registry with the real Helm. */
export async function publishCharts(
  context: LabContext,
  registry: RegistryInfo,
): Promise<void> {
  const started = Date.now();
  const folders = [...(await ownCharts()), ...(await publicCharts(context))];
  await Promise.all(
    folders.map(folder => publishChart(context, registry, folder)),
  );
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  context.log(`registry: ${folders.length} charts pushed after ${seconds} s`);
}

/** Packages one chart folder and pushes it; what it is pushed as is in its Chart.yaml. */
export async function publishChart(
  context: LabContext,
  registry: RegistryInfo,
  folder: string,
): Promise<void> {
  const { programs } = await context.parts.get('helm4');
  const home = join(context.dir, 'helm');
  const extraEnv = {
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
  };
  const key = folder.replace(/[^A-Za-z0-9.]+/g, '-');
  const packages = join(context.dir, 'charts', key);
  await mkdir(packages, { recursive: true });
  await runProgram(
    programs.helm,
    ['package', folder, '--destination', packages],
    {
      env: context.env,
      extraEnv,
    },
  );
  const [archive] = (await readdir(packages)).filter(name =>
    name.endsWith('.tgz'),
  );
  const repository = `oci://${new URL(registry.url).host}/${CHARTS_PATH}`;
  await runProgram(
    programs.helm,
    ['push', join(packages, archive), repository, '--ca-file', registry.caFile],
    { env: context.env, extraEnv },
  );
}

async function ownCharts(): Promise<string[]> {
  const root = join(checkoutDir(), 'charts');
  const folders: string[] = [];
  for (const chart of await directories(root)) {
    for (const version of await directories(join(root, chart))) {
      folders.push(join(root, chart, version));
    }
  }
  return folders;
}

async function directories(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
}

async function publicCharts(context: LabContext): Promise<string[]> {
  const { filesDir = '' } = await context.parts.get('sources');
  return Promise.all(
    PUBLIC_CHARTS.map(async name => {
      const folder = join(context.dir, 'charts', 'public', name);
      await cp(join(filesDir, 'charts', name), folder, { recursive: true });
      await dropDependencies(folder);
      return folder;
    }),
  );
}

/** A module holds a chart's own files only. Its optional subcharts lie elsewhere, and Helm refuses to package without. */
async function dropDependencies(folder: string): Promise<void> {
  const path = join(folder, 'Chart.yaml');
  const { dependencies, ...chart } = parse(
    await readFile(path, 'utf8'),
  ) as Chart;
  if (dependencies) {
    await writeFile(path, stringify(chart));
    await rm(join(folder, 'Chart.lock'), { force: true });
  }
}
