import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError, isError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { parseMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { RenderedWorkload } from '../chart/proposeMember';
import { workloadsSchema } from '../chart/workloadSchema';
import { PairFinding, checkPair, formatFindings } from '../pair/checkPair';
import { compareWithChart } from '../pair/compareWithChart';
import { PairTexts } from '../pair/pairManifests';
import { findPlaceholders } from '../pair/findPlaceholders';
import { PAIR_FILES } from '../pair/types';
import { readAdmissionRules } from '../settings/admissionRules';
import { examples } from './checkPair.examples';

/** What the action needs from the app. */
export interface CheckPairOptions {
  readonly config: Config;
}

/**
 * `lattice:pair:check`: holds the two files of a pair in the workspace against the rules of the cluster, against each
 * other and, when an inspection is given, against the chart. Errors fail the step; warnings go into the summary.
 *
 * @public
 */
export function createCheckPairAction({ config }: CheckPairOptions) {
  return createTemplateAction({
    id: 'lattice:pair:check',
    description:
      'Checks a LatticePackage and its LatticeMeshMember in the workspace by the rules of the cluster and against the chart',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        path: z =>
          z.string().describe('Folder of the workspace with both files'),
        workloads: z =>
          workloadsSchema(z)
            .optional()
            .describe(
              'Output of lattice:chart:inspect; absent = not compared with the chart',
            ),
        problem: z =>
          z
            .string()
            .optional()
            .describe(
              'Output of lattice:chart:inspect: why workloads say nothing',
            ),
        permitsNeeded: z =>
          z
            .array(z.string())
            .optional()
            .describe(
              'Objects of the chart that need a permit, for the summary',
            ),
      },
      output: {
        findings: z =>
          z
            .array(
              z.object({
                file: z.string(),
                path: z.string(),
                severity: z.string(),
                message: z.string(),
              }),
            )
            .describe('Warnings; errors fail the step'),
        summary: z => z.string().describe('Markdown for the pull request'),
      },
    },
    async handler(ctx) {
      const texts = await readPair(ctx.workspacePath, ctx.input.path);
      const { workloads, problem, permitsNeeded = [] } = ctx.input;
      const compared = problem ? undefined : workloads;
      const findings = findAll(texts, config, compared);
      const errors = findings.filter(finding => finding.severity === 'error');
      if (errors.length > 0) {
        throw new InputError(
          `The pair in ${
            ctx.input.path
          } is not fit to be proposed:\n${formatFindings(errors)}`,
        );
      }
      ctx.output(
        'findings',
        findings.map(finding => ({ ...finding })),
      );
      ctx.output(
        'summary',
        summarise(
          findings,
          permitsNeeded,
          compared ? undefined : problem ?? '',
        ),
      );
    },
  });
}

async function readPair(
  workspacePath: string,
  path: string,
): Promise<PairTexts> {
  const read = async (file: string) => {
    try {
      return await readFile(
        resolveSafeChildPath(workspacePath, `${path}/${file}`),
        'utf8',
      );
    } catch (error) {
      if (isError(error) && error.code === 'ENOENT') {
        throw new InputError(`There is no ${file} in ${path} of the workspace`);
      }
      throw error;
    }
  };
  return {
    package: await read(PAIR_FILES.package),
    member: await read(PAIR_FILES.member),
  };
}

function findAll(
  texts: PairTexts,
  config: Config,
  workloads: readonly RenderedWorkload[] | undefined,
): PairFinding[] {
  const findings = [
    ...findPlaceholders(texts),
    ...checkPair(texts, readAdmissionRules(config)),
  ];
  const hasErrors = findings.some(finding => finding.severity === 'error');
  if (hasErrors || !workloads) {
    return findings;
  }
  const member = parseMember(parse(texts.member, { version: '1.1' }));
  return member.ok
    ? [...findings, ...compareWithChart(member.value, workloads)]
    : findings;
}

function summarise(
  findings: readonly PairFinding[],
  permitsNeeded: readonly string[],
  problem: string | undefined,
): string {
  const lines = [
    problem === undefined
      ? 'Compared with the pods that the chart makes'
      : `**Not compared with the chart.** ${oneLine(problem)}`.trim(),
    ...findings.map(
      ({ file, path, message }) =>
        `**Look at** \`${file}\` \`${path}\`: ${message}`,
    ),
    ...permitsNeeded.map(
      object =>
        `**Needs a permit** \`${object.replace(
          /`/g,
          '',
        )}\`: the chart brings it, and it is refused without one`,
    ),
  ];
  return `### Against the chart\n\n${lines
    .map(line => `- ${line}`)
    .join('\n')}\n`;
}

/** A reason from outside, which may be a program's output: one line, and no Markdown of its own. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[<>[\]`*_#|]/g, '\\$&')
    .slice(0, 500);
}
