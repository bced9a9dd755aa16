import {
  ChartReference,
  JsonObject,
  LatticePackage,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartError,
  ChartErrorReason,
  ChartFetchOptions,
  ChartInspection,
  ChartSource,
  FetchedChart,
  Helm,
  inspectChart,
  renderChart,
  RenderError,
  ManifestError,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { Gate } from './PackageWorld';

/** A chart that is fetched, rendered and read. */
export interface PreparedChart {
  readonly chart: FetchedChart;
  readonly inspection: ChartInspection;
}

/** What preparing a chart needs. */
export interface PrepareOptions {
  readonly helm: Helm;
  readonly charts: ChartSource;
  readonly rules: ChartFetchOptions;
  /** Reads the login for the repository, when the package names one. */
  readonly readLogin: () => Promise<
    Pick<ChartFetchOptions, 'credentials' | 'ca'>
  >;
  readonly pkg: LatticePackage;
  /** With secrets put in: goes to helm over stdin only. */
  readonly values: JsonObject;
  readonly valuesDigest: string;
  /** Texts to take out of messages. */
  readonly secrets: readonly string[];
  readonly isUpgrade: boolean;
  readonly signal?: AbortSignal;
}

const REASONS: Record<ChartErrorReason, string> = {
  NotAllowed: PackageReasons.NotAllowed,
  AuthFailed: PackageReasons.AuthFailed,
  NotFound: PackageReasons.NotFound,
  DigestMismatch: PackageReasons.DigestMismatch,
  TooLarge: PackageReasons.ReleaseTooLarge,
  Invalid: PackageReasons.FetchFailed,
  Throttled: PackageReasons.FetchFailed,
  Unreachable: PackageReasons.FetchFailed,
};

const REMEMBERED = 256;

/** Fetches and renders charts; remembers what a chart brings for each pair of chart and values, so that it is rendered once. */
export class ChartPreparation {
  readonly #inspections = new Map<string, ChartInspection>();

  async prepare(options: PrepareOptions): Promise<PreparedChart | Gate> {
    try {
      const chart = await options.charts.fetch(options.pkg.spec.chart, {
        ...options.rules,
        ...(await options.readLogin()),
      });
      return { chart, inspection: await this.#inspect(options, chart) };
    } catch (error) {
      const gate = gateOf(error, options.pkg.spec.chart);
      if (gate) {
        return gate;
      }
      throw error;
    }
  }

  async #inspect(
    options: PrepareOptions,
    chart: FetchedChart,
  ): Promise<ChartInspection> {
    const { pkg, isUpgrade } = options;
    const key = JSON.stringify([
      chart.digest,
      options.valuesDigest,
      pkg.spec.targetNamespace,
      pkg.metadata.name,
      isUpgrade,
    ]);
    const known = this.#inspections.get(key);
    if (known) {
      return known;
    }
    const manifest = await renderChart(options.helm, {
      chartPath: chart.path,
      release: pkg.metadata.name,
      namespace: pkg.spec.targetNamespace,
      values: options.values,
      secrets: options.secrets,
      isUpgrade,
      signal: options.signal,
    });
    const inspection = inspectChart(manifest);
    const [oldest] = this.#inspections.keys();
    if (this.#inspections.size >= REMEMBERED) {
      this.#inspections.delete(oldest);
    }
    this.#inspections.set(key, inspection);
    return inspection;
  }
}

function gateOf(error: unknown, wanted: ChartReference): Gate | undefined {
  if (error instanceof ChartError) {
    return {
      isOpen: false,
      isStalled: !error.isTransient,
      reason: REASONS[error.reason],
      // A host that does not answer may be a mirror: the reader knows the repository by its own name.
      message: error.isTransient
        ? `Chart ${wanted.name} ${wanted.version} of ${wanted.repository}: ${error.message}`
        : error.message,
    };
  }
  if (error instanceof RenderError || error instanceof ManifestError) {
    return {
      isOpen: false,
      isStalled: true,
      reason: PackageReasons.RenderFailed,
      message: error.message,
    };
  }
  return undefined;
}
