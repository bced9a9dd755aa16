import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkPair, formatFindings } from '../pair/checkPair';
import { PairInput, pairInputSchema } from '../pair/pairInput';
import { PairTexts, pairManifests } from '../pair/pairManifests';
import { readPairRequest } from '../pair/readPairRequest';
import { summarisePair } from '../pair/summarisePair';
import { PAIR_FILES, PairRequest } from '../pair/types';
import {
  RepositoryLocation,
  readRepositoryLocation,
} from '../repository/repositoryLocation';
import { checkRepositoryAllowed } from '../repository/checkRepositoryAllowed';
import { fileUrl } from '../repository/sourceUrl';
import { hasOwnToken } from '../repository/ownToken';
import { readAdmissionRules } from '../settings/admissionRules';
import { GitSettings, readGitSettings } from '../settings/gitSettings';
import { examples } from './generatePair.examples';

/** What the action needs from the app. */
export interface GeneratePairOptions {
  readonly config: Config;
  readonly integrations: ScmIntegrationRegistry;
}

interface GeneratedPair {
  readonly request: PairRequest;
  readonly location: RepositoryLocation;
  readonly branch: string;
  /** Folder of the pair in repository and workspace. */
  readonly path: string;
  readonly texts: PairTexts;
}

/** Said when neither the template nor the config names a repository. */
export const NO_REPOSITORY_MESSAGE =
  'No Git repository is given. Fill in repoUrl, or set lattice.git.repoUrl (host?owner=…&repo=…) in the app-config';

/**
 * `lattice:pair:generate`: writes `package.yaml` and `mesh-member.yaml` into the workspace, after the rules of the
 * cluster have passed them. It writes references to secrets and refuses values that look like one.
 *
 * @public
 */
export function createGeneratePairAction(options: GeneratePairOptions) {
  return createTemplateAction({
    id: 'lattice:pair:generate',
    description:
      'Writes a LatticePackage and its LatticeMeshMember, checked by the rules of the cluster, ready for a pull request',
    examples,
    supportsDryRun: true,
    schema: {
      input: pairInputSchema,
      output: {
        path: z =>
          z
            .string()
            .describe('Folder of the pair, in workspace and repository'),
        files: z => z.array(z.string()).describe('Paths of the written files'),
        summary: z => z.string().describe('Markdown for the pull request'),
        repoUrl: z =>
          z.string().describe('The repository, as host?owner=…&repo=…'),
        branch: z => z.string().describe('Branch that is deployed'),
        forge: z =>
          z.string().describe('Type of the integration, such as gitea'),
      },
    },
    async handler(ctx) {
      const pair = generate(ctx.input, options, hasOwnToken(ctx.secrets));
      const warnings = check(pair, options.config);
      const files = await write(ctx.workspacePath, pair);
      ctx.output('path', pair.path);
      ctx.output('files', files);
      ctx.output('repoUrl', pair.location.repoUrl);
      ctx.output('branch', pair.branch);
      ctx.output('forge', pair.location.forge);
      ctx.output(
        'summary',
        summarisePair(pair.request, {
          requester: ctx.user?.ref,
          path: pair.path,
          warnings,
        }),
      );
      ctx.logger.info(`Wrote ${files.join(' and ')}`);
    },
  });
}

function generate(
  input: PairInput,
  { config, integrations }: GeneratePairOptions,
  actsAsPerson: boolean,
): GeneratedPair {
  const git = readGitSettings(config);
  const request = readPairRequest(input);
  const location = locate(input.repoUrl, git, integrations);
  if (!actsAsPerson) {
    checkRepositoryAllowed(location, git, integrations);
  }
  const branch = input.branch?.trim() || git.branch;
  const path = [
    git.root,
    request.cluster,
    request.namespace,
    request.name,
  ].join('/');
  const source = (file: string) =>
    `url:${fileUrl(location, branch, `${path}/${file}`, integrations)}`;
  const texts = pairManifests(request, {
    package: source(PAIR_FILES.package),
    member: source(PAIR_FILES.member),
  });
  return { request, location, branch, path, texts };
}

function locate(
  repoUrl: string | undefined,
  git: GitSettings,
  integrations: ScmIntegrationRegistry,
): RepositoryLocation {
  const wanted = repoUrl?.trim() || git.repoUrl;
  if (!wanted) {
    throw new InputError(NO_REPOSITORY_MESSAGE);
  }
  return readRepositoryLocation(wanted, integrations);
}

/** Throws with every error at once; returns what is only a warning. */
function check(pair: GeneratedPair, config: Config) {
  const findings = checkPair(pair.texts, readAdmissionRules(config));
  const errors = findings.filter(finding => finding.severity === 'error');
  if (errors.length > 0) {
    throw new InputError(
      `Nothing was written, because this pair would be refused:\n${formatFindings(
        errors,
      )}`,
    );
  }
  return findings;
}

async function write(
  workspacePath: string,
  pair: GeneratedPair,
): Promise<string[]> {
  const files: [string, string][] = [
    [`${pair.path}/${PAIR_FILES.package}`, pair.texts.package],
    [`${pair.path}/${PAIR_FILES.member}`, pair.texts.member],
  ];
  for (const [file, text] of files) {
    const target = resolveSafeChildPath(workspacePath, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, 'utf8');
  }
  return files.map(([file]) => file);
}
