import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { RepositoryLocation } from './repositoryLocation';

type FileAddress = (base: string, ref: string, path: string) => string;

/** How each forge addresses one file on one branch. */
const FILE_ADDRESSES: Record<string, FileAddress> = {
  gitea: (base, ref, path) => `${base}/src/branch/${ref}/${path}`,
  github: (base, ref, path) => `${base}/blob/${ref}/${path}`,
  gitlab: (base, ref, path) => `${base}/-/blob/${ref}/${path}`,
  bitbucketCloud: (base, ref, path) => `${base}/src/${ref}/${path}`,
  bitbucketServer: (base, ref, path) =>
    `${base}/browse/${path}?at=${encodeURIComponent(ref)}`,
};

/**
 * Address of a file as people and Backstage's readers know it; the value of `lattice.dev/source` is this after `url:`.
 * Throws an InputError for a forge whose addresses are not known here.
 */
export function fileUrl(
  location: RepositoryLocation,
  branch: string,
  path: string,
  integrations: ScmIntegrationRegistry,
): string {
  const address = FILE_ADDRESSES[location.forge];
  if (!address) {
    throw new InputError(
      `${location.host} is a ${location.forge} integration, whose file addresses are not supported. Use Gitea, GitHub, GitLab or Bitbucket`,
    );
  }
  const ref = branch.split('/').map(encodeURIComponent).join('/');
  return address(repositoryPage(location, integrations), ref, path);
}

function repositoryPage(
  location: RepositoryLocation,
  integrations: ScmIntegrationRegistry,
): string {
  const { host, owner, repo, forge } = location;
  const base =
    integrations.gitea.byHost(host)?.config.baseUrl ??
    integrations.gitlab.byHost(host)?.config.baseUrl ??
    `https://${host}`;
  return forge === 'bitbucketServer'
    ? `${base}/projects/${owner}/repos/${repo}`
    : `${base}/${owner}/${repo}`;
}
