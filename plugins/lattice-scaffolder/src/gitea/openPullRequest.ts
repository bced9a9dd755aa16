import { InputError } from '@backstage/errors';
import { GiteaClient } from './GiteaClient';
import { GiteaFailure } from './giteaFailure';
import {
  GiteaPullRequest,
  OpenedPullRequest,
  PullRequestProposal,
} from './types';

const PAGE_SIZE = 50;
const MAX_PAGES = 40;

interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
}

/** The open pull request from the proposal's branch into its target, in this repository itself. */
export async function findOpenPullRequest(
  client: GiteaClient,
  {
    branch,
    targetBranch,
  }: Pick<PullRequestProposal, 'branch' | 'targetBranch'>,
): Promise<GiteaPullRequest | undefined> {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const pulls = await client.send<GiteaPullRequest[]>({
      path: ['pulls'],
      query: {
        state: 'open',
        sort: 'recentupdate',
        limit: `${PAGE_SIZE}`,
        page: `${page}`,
      },
      purpose: 'list the pull requests',
    });
    const found = pulls.find(
      pull =>
        pull.head.ref === branch &&
        pull.base.ref === targetBranch &&
        pull.head.repo?.full_name === pull.base.repo?.full_name,
    );
    if (found || pulls.length === 0) {
      return found;
    }
  }
  return undefined;
}

/**
 * Opens the pull request of a committed branch, or brings an open one up to date. One that touches anything outside the
 * proposal's folder (because the branch held other work) is refused; if it was opened here, it is closed again.
 */
export async function openPullRequest(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<OpenedPullRequest> {
  const open = await findOpenPullRequest(client, proposal);
  const pull = open ?? (await create(client, proposal));
  const foreign = await findForeignFile(client, pull, proposal.folder);
  if (foreign) {
    if (!open) {
      await change(client, pull, { state: 'closed' });
    }
    throw new InputError(
      `The branch ${proposal.branch} of ${client.name} also changes ${foreign}, outside ${proposal.folder}. A pull request may touch its own folder only: choose another branchName, or remove that branch`,
    );
  }
  if (open && isStale(open, proposal)) {
    await change(client, open, {
      title: proposal.title,
      body: proposal.description,
    });
  }
  return { number: pull.number, url: pull.html_url };
}

function isStale(open: GiteaPullRequest, proposal: PullRequestProposal) {
  return (
    proposal.update &&
    (open.title !== proposal.title || open.body !== proposal.description)
  );
}

async function create(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<GiteaPullRequest> {
  try {
    return await client.send<GiteaPullRequest>({
      method: 'POST',
      path: ['pulls'],
      purpose: `open a pull request from ${proposal.branch} into ${proposal.targetBranch}`,
      body: {
        head: proposal.branch,
        base: proposal.targetBranch,
        title: proposal.title,
        body: proposal.description,
      },
    });
  } catch (error) {
    const isRace = error instanceof GiteaFailure && error.status === 409;
    const opened = isRace
      ? await findOpenPullRequest(client, proposal)
      : undefined;
    if (!opened) {
      throw error;
    }
    return opened;
  }
}

async function change(
  client: GiteaClient,
  pull: GiteaPullRequest,
  body: { title?: string; body?: string; state?: 'closed' },
): Promise<void> {
  await client.send({
    method: 'PATCH',
    path: ['pulls', `${pull.number}`],
    purpose: `update pull request ${pull.number}`,
    body,
  });
}

async function findForeignFile(
  client: GiteaClient,
  pull: GiteaPullRequest,
  folder: string,
): Promise<string | undefined> {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const files = await client.send<ChangedFile[]>({
      path: ['pulls', `${pull.number}`, 'files'],
      query: { limit: `${PAGE_SIZE}`, page: `${page}` },
      purpose: `read what pull request ${pull.number} changes`,
    });
    const foreign = files
      .flatMap(file => [file.filename, file.previous_filename])
      .find(path => path && !path.startsWith(`${folder}/`));
    if (foreign || files.length === 0) {
      return foreign;
    }
  }
  return undefined;
}
