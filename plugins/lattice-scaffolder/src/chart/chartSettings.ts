import { Config } from '@backstage/config';
import { ChartMirror } from '@lattice-portal/backstage-plugin-lattice-node';

/** Where charts may come from and what renders them: the keys that the Lattice backend reads too. */
export interface ChartSettings {
  readonly allowedRepositories: readonly string[];
  readonly mirrors: readonly ChartMirror[];
  readonly archiveHosts: readonly string[];
  readonly helmBinary?: string;
}

/** Reads `lattice.charts` and `lattice.helm`. */
export function readChartSettings(config: Config): ChartSettings {
  const lattice = config.getOptionalConfig('lattice');
  return {
    allowedRepositories:
      lattice?.getOptionalStringArray('charts.allowedRepositories') ?? [],
    archiveHosts: lattice?.getOptionalStringArray('charts.archiveHosts') ?? [],
    mirrors: (lattice?.getOptionalConfigArray('charts.mirrors') ?? []).map(
      mirror => ({
        from: mirror.getString('from'),
        to: mirror.getString('to'),
        caFile: mirror.getOptionalString('caFile'),
      }),
    ),
    helmBinary: lattice?.getOptionalString('helm.binary'),
  };
}
