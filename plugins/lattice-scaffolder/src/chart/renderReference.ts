import { InputError } from '@backstage/errors';
import {
  ChartReference,
  JsonObject,
  substituteValues,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartInspection,
  createChartSource,
  createHelm,
  inspectChart,
  renderChart,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { ChartSettings } from './chartSettings';

/** A chart as it would be installed. */
export interface ChartPlacement {
  readonly reference: ChartReference;
  readonly name: string;
  readonly namespace: string;
  readonly values: JsonObject;
}

/** What one inspection may use. */
export interface RenderContext {
  readonly settings: ChartSettings;
  /** Private folder for the archive. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** Stands where a secret will stand; charts only need something there. */
const STAND_IN = 'a-secret-goes-here';

/** Fetches and renders a chart offline, without any secret, and tells what it would bring. */
export async function renderReference(
  placement: ChartPlacement,
  { settings, folder, signal }: RenderContext,
): Promise<ChartInspection> {
  const values = withStandIns(placement);
  const source = createChartSource({ cacheDirectory: folder });
  const helm = await createHelm({ binary: settings.helmBinary }).catch(
    async error => {
      await source.close();
      throw error;
    },
  );
  try {
    const chart = await source.fetch(placement.reference, {
      ...settings,
      signal,
    });
    const text = await renderChart(helm, {
      chartPath: chart.path,
      release: placement.name,
      namespace: placement.namespace,
      values,
      signal,
    });
    return inspectChart(text);
  } finally {
    await Promise.all([helm.close(), source.close()]);
  }
}

function withStandIns({ values, name, namespace }: ChartPlacement): JsonObject {
  const substituted = substituteValues(
    values,
    () => STAND_IN,
    () => STAND_IN,
    { 'metadata.name': name, 'metadata.namespace': namespace },
  );
  if (!substituted.ok) {
    const lines = substituted.problems.map(
      ({ path, message }) => `- ${path}: ${message}`,
    );
    throw new InputError(`The values cannot be read:\n${lines.join('\n')}`);
  }
  return substituted.values;
}
