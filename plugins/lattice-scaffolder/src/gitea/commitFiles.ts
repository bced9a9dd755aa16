import { InputError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { GiteaClient } from './GiteaClient';
import { GiteaFailure } from './giteaFailure';
import { findOpenPullRequest } from './openPullRequest';
import { ProposedFile, PullRequestProposal } from './types';

interface GiteaContents {
  readonly type: string;
  readonly sha: string;
}

interface FileChange {
  readonly operation: 'create' | 'update';
  readonly path: string;
  readonly content: string;
  readonly sha?: string;
}

/** Branches below it are made by templates; no others are made anew or written without an open pull request. */
const OWN_BRANCHES = 'lattice/';

/**
 * Brings the branch to the proposed files with at most one commit. A branch that is not there is made from the target;
 * one that carries nothing of its own any more (its pull request was merged) is made anew; else the commit goes on top.
 * A branch of another name that is there already is written only while its pull request is open: it may be a release
 * branch. Running it twice commits once.
 */
export async function commitFiles(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<void> {
  try {
    await commitOnce(client, proposal);
  } catch (error) {
    const isRace = error instanceof GiteaFailure && error.status === 409;
    if (!isRace) {
      throw error;
    }
    // Somebody made the branch or moved it between our look and our commit: look again, once.
    await commitOnce(client, proposal);
  }
}

async function commitOnce(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<void> {
  const exists = await prepareBranch(client, proposal);
  const ref = exists ? proposal.branch : proposal.targetBranch;
  const changes = await findChanges(client, ref, proposal.files);
  if (changes.length === 0) {
    if (!exists) {
      throw new InputError(
        `Nothing to propose: ${client.name} already has these files on ${proposal.targetBranch}`,
      );
    }
    return;
  }
  if (exists && !isOwnBranch(proposal.branch)) {
    await checkOpen(client, proposal);
  }
  await client.send({
    method: 'POST',
    path: ['contents'],
    purpose: `commit to the branch ${proposal.branch}`,
    body: {
      branch: ref,
      ...(!exists && { new_branch: proposal.branch }),
      message: proposal.commitMessage,
      files: changes,
    },
  });
}

function isOwnBranch(branch: string): boolean {
  return branch.startsWith(OWN_BRANCHES);
}

async function checkOpen(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<void> {
  if (!(await findOpenPullRequest(client, proposal))) {
    const { branch, targetBranch } = proposal;
    throw new InputError(
      `The branch ${branch} of ${client.name} is there already and has no open pull request into ${targetBranch}; choose another branchName, such as ${OWN_BRANCHES}${branch}`,
    );
  }
}

/** True when the branch exists and is to be built upon. */
async function prepareBranch(
  client: GiteaClient,
  proposal: PullRequestProposal,
): Promise<boolean> {
  const { branch, targetBranch } = proposal;
  const found = await client.find({
    path: ['branches', branch],
    purpose: `read the branch ${branch}`,
  });
  if (!found) {
    return false;
  }
  if (!isOwnBranch(branch)) {
    return true;
  }
  const ahead = await client.send<{ total_commits: number }>({
    path: ['compare', `${targetBranch}...${branch}`],
    purpose: `compare ${branch} with ${targetBranch}`,
  });
  if (ahead.total_commits > 0) {
    return true;
  }
  await client.send({
    method: 'DELETE',
    path: ['branches', branch],
    purpose: `renew the merged branch ${branch}`,
  });
  return false;
}

async function findChanges(
  client: GiteaClient,
  ref: string,
  files: readonly ProposedFile[],
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const file of files) {
    const held = await client.find<GiteaContents>({
      path: ['contents', file.path],
      query: { ref },
      purpose: `read ${file.path} on ${ref}`,
    });
    if (held && held.type !== 'file') {
      throw new InputError(
        `${file.path} is not a plain file on ${ref} of ${client.name}; choose another name or remove it there`,
      );
    }
    if (held?.sha !== blobSha(file.content)) {
      changes.push({
        operation: held ? 'update' : 'create',
        path: file.path,
        content: file.content.toString('base64'),
        ...(held && { sha: held.sha }),
      });
    }
  }
  return changes;
}

/** Git's own name for a file's content, so that unchanged files are recognised without reading them. */
function blobSha(content: Buffer): string {
  return createHash('sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}
