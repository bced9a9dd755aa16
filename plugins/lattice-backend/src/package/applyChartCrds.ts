import {
  ManifestError,
  parseManifest,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient, Impersonation } from '../clusters/types';

/** Applies the CRDs of a chart as the package's account; other files in `crds/` are left alone. Returns what went wrong, for people. */
export async function applyChartCrds(options: {
  readonly client: ClusterClient;
  readonly crds: readonly string[];
  readonly as: Impersonation;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  try {
    const definitions = options.crds
      .flatMap(parseManifest)
      .filter(it => it.kind === KINDS.CustomResourceDefinition.kind);
    for (const definition of definitions) {
      await options.client.apply(KINDS.CustomResourceDefinition, definition, {
        as: options.as,
        signal: options.signal,
      });
    }
    return undefined;
  } catch (error) {
    if (error instanceof ManifestError) {
      return `A file in the chart's crds/ cannot be read: ${error.message}`;
    }
    if (
      isClusterError(error, 'Forbidden') ||
      isClusterError(error, 'Conflict') ||
      isClusterError(error, 'Invalid')
    ) {
      return `The chart's CRDs cannot be applied: ${error.message}`;
    }
    throw error;
  }
}
