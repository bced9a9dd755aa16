import { Config } from '@backstage/config';
import { InputError, isError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  ChartError,
  ChartInspection,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { readChartSettings } from '../chart/chartSettings';
import { proposeMember, renderedWorkloads } from '../chart/proposeMember';
import { ChartPlacement, renderReference } from '../chart/renderReference';
import { workloadsSchema } from '../chart/workloadSchema';
import { findSecretValues } from '../pair/findSecretValues';
import { pairInputSchema } from '../pair/pairInput';
import { readValues } from '../pair/readValues';
import { examples } from './inspectChart.examples';

/** What the action needs from the app. */
export interface InspectChartOptions {
  readonly config: Config;
}

const NOTHING: ChartInspection = {
  workloads: [],
  services: [],
  kinds: [],
  clusterScoped: [],
  policyObjects: [],
  images: [],
  objects: [],
  hooks: [],
};

/** Errors that say something about chart or set-up, not about this program. */
const EXPECTED_ERRORS = ['ChartError', 'RenderError', 'UnsupportedHelmError'];

/**
 * `lattice:chart:inspect`: renders a chart offline and tells what it would bring: ports, pod labels, accounts, images,
 * cluster-scoped kinds and policy objects, and what its mesh member could say.
 *
 * @public
 */
export function createInspectChartAction({ config }: InspectChartOptions) {
  const { repository, chart, version, values, namespace, name } =
    pairInputSchema;
  return createTemplateAction({
    id: 'lattice:chart:inspect',
    description:
      'Renders a chart without installing it and tells what it would bring, and what its mesh member could say',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repository,
        chart,
        version,
        values,
        namespace,
        name,
        optional: z =>
          z
            .boolean()
            .optional()
            .describe(
              'true = go on, with a problem, when the chart cannot be reached or rendered from here',
            ),
      },
      output: {
        inspected: z =>
          z.boolean().describe('false when it could not be, see problem'),
        problem: z =>
          z.string().optional().describe('Why it could not be inspected'),
        workloads: z =>
          workloadsSchema(z).describe('What makes pods that stay'),
        selector: z =>
          z
            .string()
            .describe(
              'Proposed pod labels, as key=value,key=value; may be empty',
            ),
        ports: z =>
          z
            .array(z.object({ port: z.number(), name: z.string() }))
            .describe('Proposed ports'),
        serviceAccounts: z =>
          z.array(z.string()).describe('Accounts of the pods'),
        images: z => z.array(z.string()).describe('Images that it pulls'),
        clusterScoped: z =>
          z
            .array(z.string())
            .describe('Objects outside any namespace, which need a permit'),
        permitsNeeded: z =>
          z
            .array(z.string())
            .describe('clusterScoped and policyObjects together'),
        policyObjects: z =>
          z
            .array(z.string())
            .describe(
              'Objects that shape traffic or secrets, which need a permit',
            ),
      },
    },
    async handler(ctx) {
      const placement: ChartPlacement = {
        reference: {
          repository: ctx.input.repository,
          name: ctx.input.chart,
          version: ctx.input.version,
        },
        name: ctx.input.name,
        namespace: ctx.input.namespace,
        values: safeValues(ctx.input.values),
      };
      const result = await inspect(placement, ctx.input.optional ?? false, {
        settings: readChartSettings(config),
        folder: await ctx.createTemporaryDirectory(),
        signal: ctx.signal,
      });
      if (typeof result === 'string') {
        ctx.logger.warn(`The chart is not inspected: ${result}`);
        ctx.output('problem', result);
      }
      const inspection = typeof result === 'string' ? NOTHING : result;
      const workloads = renderedWorkloads(inspection);
      const member = proposeMember(workloads);
      const selector = Object.entries(member.selector);
      ctx.output('inspected', typeof result !== 'string');
      ctx.output(
        'workloads',
        workloads.map(it => ({
          ...it,
          labels: { ...it.labels },
          ports: [...it.ports],
        })),
      );
      ctx.output(
        'selector',
        selector.map(([key, value]) => `${key}=${value}`).join(','),
      );
      ctx.output('ports', [...member.ports]);
      ctx.output('serviceAccounts', [...member.serviceAccounts]);
      ctx.output('images', [...inspection.images]);
      ctx.output('clusterScoped', inspection.clusterScoped.map(describe));
      ctx.output('policyObjects', inspection.policyObjects.map(describe));
      ctx.output('permitsNeeded', [
        ...new Set(
          [...inspection.clusterScoped, ...inspection.policyObjects].map(
            describe,
          ),
        ),
      ]);
    },
  });
}

/** The inspection, or the reason why there is none where that is allowed. */
async function inspect(
  placement: ChartPlacement,
  isOptional: boolean,
  context: Parameters<typeof renderReference>[1],
): Promise<ChartInspection | string> {
  try {
    return await renderReference(placement, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!isError(error) || !EXPECTED_ERRORS.includes(error.name)) {
      throw error;
    }
    if (!isOptional || isCertainlyWrong(error)) {
      throw new InputError(error.message);
    }
    return error.message;
  }
}

/** No such chart, not allowed, not what it says: no cluster would install it either. */
function isCertainlyWrong(error: unknown): boolean {
  return (
    error instanceof ChartError &&
    ['NotAllowed', 'NotFound', 'DigestMismatch', 'Invalid'].includes(
      error.reason,
    )
  );
}

function safeValues(written: Parameters<typeof readValues>[0]) {
  const values = readValues(written);
  const typed = findSecretValues(values);
  if (typed.length > 0) {
    const lines = typed.map(({ path, message }) => `- ${path}: ${message}`);
    throw new InputError(
      `A secret is typed into the values:\n${lines.join('\n')}`,
    );
  }
  return values;
}

function describe(object: { kind: string; name: string }): string {
  return `${object.kind}/${object.name}`;
}
