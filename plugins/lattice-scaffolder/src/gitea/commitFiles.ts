import { InputError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { GiteaClient } from './GiteaClient';
import { GiteaFailure } from './giteaFailure';
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

/**
 * Brings the branch to the proposed files with at most one commit. A branch that is not there is made from the target;
 * one that carries nothing of its own any more (its pull request was merged) is made anew; else the commit goes on top.
 * Running it twice commits once.
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

/** True when the branch exists and is to be built upon. */
async function prepareBranch(
  client: GiteaClient,
  { branch, targetBranch }: PullRequestProposal,
): Promise<boolean> {
  const found = await client.find({
    path: ['branches', branch],
    purpose: `read the branch ${branch}`,
  });
  if (!found) {
    return false;
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
