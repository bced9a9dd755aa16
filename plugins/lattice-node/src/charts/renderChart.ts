import { JsonObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Helm } from '../helm/createHelm';
import { outputTail } from '../helm/redact';

/** What to render. */
export interface RenderRequest {
  /** Absolute path of the packed chart. */
  readonly chartPath: string;
  readonly release: string;
  readonly namespace: string;
  readonly values: JsonObject;
  /** Texts to take out of every message. */
  readonly secrets?: Iterable<string>;
  readonly isUpgrade?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly signal?: AbortSignal;
}

/** The chart does not render with these values. The message is redacted. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}

const RENDER_TIMEOUT_MS = 60_000;

/** Renders a chart offline. The text may hold secrets: keep it in memory, and never show it. */
export async function renderChart(
  helm: Helm,
  request: RenderRequest,
): Promise<string> {
  const result = await helm.run(
    {
      verb: 'template',
      release: request.release,
      namespace: request.namespace,
      chartPath: request.chartPath,
      ...(request.isUpgrade ? { isUpgrade: true } : {}),
      ...(request.kubeVersion ? { kubeVersion: request.kubeVersion } : {}),
      ...(request.apiVersions ? { apiVersions: request.apiVersions } : {}),
    },
    {
      values: JSON.stringify(request.values),
      signal: request.signal,
      timeoutMs: RENDER_TIMEOUT_MS,
    },
  );
  if (result.exitCode !== 0) {
    throw new RenderError(
      result.timedOut
        ? 'The chart did not render within a minute.'
        : `The chart does not render with these values: ${outputTail(
            result.stderr,
            request.secrets ?? [],
          )}`,
    );
  }
  if (result.truncated) {
    throw new RenderError('The rendered chart is too large.');
  }
  return result.stdout;
}
