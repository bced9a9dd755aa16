import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { GiteaClient } from '../gitea/GiteaClient';
import { checkRepositoryPath, collectFiles } from '../gitea/collectFiles';
import { commitFiles } from '../gitea/commitFiles';
import { findOpenPullRequest, openPullRequest } from '../gitea/openPullRequest';
import { PullRequestProposal } from '../gitea/types';
import { checkRepositoryAllowed } from '../repository/checkRepositoryAllowed';
import { ownToken } from '../repository/ownToken';
import {
  RepositoryLocation,
  readRepositoryLocation,
} from '../repository/repositoryLocation';
import { readGitSettings } from '../settings/gitSettings';
import { examples } from './publishGiteaPullRequest.examples';

/** What the action needs from the app. */
export interface PublishGiteaPullRequestOptions {
  readonly config: Config;
  readonly integrations: ScmIntegrationRegistry;
}

interface PublishInput {
  repoUrl: string;
  branchName: string;
  title: string;
  description: string;
  targetPath?: string;
  sourcePath?: string;
  targetBranchName?: string;
  commitMessage?: string;
  update?: boolean;
  token?: string;
}

const BRANCH_NAME =
  /^(?!.*(\.\.|\/\/|\.lock(\/|$)|@\{))[A-Za-z0-9_][A-Za-z0-9._/-]*[A-Za-z0-9_-]$/;

/**
 * `publish:gitea:pull-request`: proposes files of the workspace as a pull request on Gitea or Forgejo. It uses the
 * user's own token when there is one, else the integration's, touches one folder only, and can be run again at any point.
 *
 * @public
 */
export function createPublishGiteaPullRequestAction(
  options: PublishGiteaPullRequestOptions,
) {
  return createTemplateAction({
    id: 'publish:gitea:pull-request',
    description:
      'Opens or updates a pull request on Gitea with files of the workspace, below one folder of the repository',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl: z =>
          z
            .string()
            .describe(
              'host?owner=…&repo=…, or the address of the repository’s page',
            ),
        branchName: z => z.string().describe('Branch that carries the change'),
        title: z => z.string().describe('Title of the pull request'),
        description: z =>
          z.string().describe('Text of the pull request, Markdown'),
        targetPath: z =>
          z
            .string()
            .optional()
            .describe(
              'The one folder that may be touched; sourcePath when empty',
            ),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe('Folder of the workspace with the files'),
        targetBranchName: z =>
          z
            .string()
            .optional()
            .describe(
              'Branch to merge into; the repository’s default when empty',
            ),
        commitMessage: z =>
          z
            .string()
            .optional()
            .describe('Commit message; the title when empty'),
        update: z =>
          z
            .boolean()
            .optional()
            .describe(
              'false = return an open pull request of this branch as it is. Default true',
            ),
        token: z =>
          z
            .string()
            .optional()
            .describe(
              'Token to act with, in place of the user’s or the integration’s',
            ),
      },
      output: {
        remoteUrl: z => z.string().describe('Page of the pull request'),
        pullRequestNumber: z => z.number().describe('Its number'),
        branch: z => z.string().describe('Its branch'),
      },
    },
    async handler(ctx) {
      const location = locateGitea(ctx.input.repoUrl, options.integrations);
      const token = ctx.input.token || ownToken(ctx.secrets);
      if (!token) {
        const git = readGitSettings(options.config);
        checkRepositoryAllowed(location, git, options.integrations);
      }
      const draft = await readProposal(
        ctx.input,
        ctx.workspacePath,
        ctx.user?.ref,
      );
      if (ctx.isDryRun) {
        ctx.logger.info(
          `Dry run: would propose ${draft.files.length} file(s) below ${draft.folder} on branch ${draft.branch}`,
        );
        ctx.output('remoteUrl', 'https://forge.invalid/dry-run');
        ctx.output('pullRequestNumber', 0);
        ctx.output('branch', draft.branch);
        return;
      }
      const client = new GiteaClient({
        integration: integrationOf(location, options.integrations),
        owner: location.owner,
        repo: location.repo,
        token,
        signal: ctx.signal,
      });
      const proposal = await withTargetBranch(client, draft);
      const key = `${location.host}.${location.owner}.${location.repo}.${draft.branch}`;
      await ctx.checkpoint({
        key: `gitea.commit.v1.${key}`,
        fn: async () => commitUnlessLeftAlone(client, proposal),
      });
      const opened = await ctx.checkpoint({
        key: `gitea.pull-request.v1.${key}`,
        fn: async () => ({ ...(await openPullRequest(client, proposal)) }),
      });
      ctx.logger.info(
        `Pull request ${opened.number} of ${client.name} is open`,
      );
      ctx.output('remoteUrl', opened.url);
      ctx.output('pullRequestNumber', opened.number);
      ctx.output('branch', draft.branch);
    },
  });
}

function locateGitea(
  repoUrl: string,
  integrations: ScmIntegrationRegistry,
): RepositoryLocation {
  const location = readRepositoryLocation(repoUrl, integrations);
  if (location.forge !== 'gitea') {
    throw new InputError(
      `${location.host} is a ${location.forge} integration, and this action writes to Gitea only. Use upstream's action for that forge in a copy of the template`,
    );
  }
  return location;
}

function integrationOf(
  location: RepositoryLocation,
  integrations: ScmIntegrationRegistry,
) {
  const integration = integrations.gitea.byHost(location.host);
  if (!integration) {
    throw new InputError(`No integrations.gitea entry for ${location.host}`);
  }
  return integration.config;
}

async function readProposal(
  input: PublishInput,
  workspacePath: string,
  requester: string | undefined,
): Promise<PullRequestProposal> {
  const sourcePath = trimSlashes(input.sourcePath ?? '.');
  const folder = checkRepositoryPath(
    trimSlashes(input.targetPath || sourcePath),
  );
  const targetBranch = input.targetBranchName?.trim() ?? '';
  return {
    branch: checkBranch('branchName', input.branchName),
    targetBranch: targetBranch && checkBranch('targetBranchName', targetBranch),
    title: input.title.replace(/\s+/g, ' ').trim(),
    description: namingRequester(input.description, requester),
    commitMessage: namingRequester(
      input.commitMessage?.trim() || input.title,
      requester,
    ),
    folder,
    files: await collectFiles(workspacePath, sourcePath, folder),
    update: input.update ?? true,
  };
}

/** The requester is named once, on the last line, whoever's token writes and whatever the text says. */
function namingRequester(text: string, requester: string | undefined): string {
  if (!requester) {
    return text;
  }
  const said = text.replace(/^Requested-by:.*$/gim, '').trimEnd();
  return `${said}\n\nRequested-by: ${requester}`;
}

function checkBranch(field: string, name: string): string {
  if (!BRANCH_NAME.test(name)) {
    throw new InputError(
      `${field} must be a plain branch name of letters, digits, "-", "_", "." and "/"`,
    );
  }
  return name;
}

function trimSlashes(path: string): string {
  return path.replace(/^(\.?\/)+|\/+$/g, '');
}

async function withTargetBranch(
  client: GiteaClient,
  draft: PullRequestProposal,
): Promise<PullRequestProposal> {
  const repository = await client.send<{
    default_branch: string;
    empty: boolean;
    archived: boolean;
  }>({ path: [], purpose: 'read the repository' });
  if (repository.archived || repository.empty) {
    const state = repository.archived
      ? 'archived: choose another one'
      : 'empty: push a first commit to it';
    throw new InputError(`${client.name} is ${state}`);
  }
  const targetBranch = draft.targetBranch || repository.default_branch;
  if ([targetBranch, repository.default_branch].includes(draft.branch)) {
    throw new InputError(
      `branchName is the branch ${draft.branch} itself; a pull request needs a branch of its own`,
    );
  }
  return { ...draft, targetBranch };
}

async function commitUnlessLeftAlone(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<void> {
  const isLeftAlone =
    !proposal.update && (await findOpenPullRequest(client, proposal));
  if (!isLeftAlone) {
    await commitFiles(client, proposal);
  }
}
