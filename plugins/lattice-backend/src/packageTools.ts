import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChartSource,
  createChartSource,
  createHelm,
  Helm,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { LatticeConfig } from './config';

/** What the package controllers of all clusters share. */
export interface PackageTools {
  readonly helm: Helm;
  readonly charts: ChartSource;
  /** Removes every folder that was made. */
  close(): Promise<void>;
}

/**
 * Finds helm and prepares a folder for charts: the configured one, else one of this process alone that goes with it.
 *
 * @throws Error when helm is not there or too old
 */
export async function openPackageTools(
  config: Pick<LatticeConfig, 'charts' | 'helm'>,
): Promise<PackageTools> {
  const helm = await createHelm(config.helm);
  const configured = config.charts.cacheDirectory;
  const cacheDirectory =
    configured ?? (await mkdtemp(join(tmpdir(), 'lattice-charts-')));
  const charts = createChartSource({ cacheDirectory });
  return {
    helm,
    charts,
    close: async () => {
      await charts.close();
      await helm.close();
      if (!configured) {
        await rm(cacheDirectory, { recursive: true, force: true });
      }
    },
  };
}
