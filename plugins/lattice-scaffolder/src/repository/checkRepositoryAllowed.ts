import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { GitSettings } from '../settings/gitSettings';
import {
  RepositoryLocation,
  readRepositoryLocation,
} from './repositoryLocation';

/**
 * Keeps the integration's token to the repositories that the platform team has named: it may be able to write where the
 * person who fills in the form may not. Nothing named = every repository of the integrations; a person's own token is
 * bounded by the forge. Throws an InputError.
 */
export function checkRepositoryAllowed(
  location: RepositoryLocation,
  git: Pick<GitSettings, 'repoUrl' | 'repositories'>,
  integrations: ScmIntegrationRegistry,
): void {
  const named = [git.repoUrl ?? [], git.repositories].flat();
  const isNamed = named
    .map(text => readRepositoryLocation(text, integrations))
    .some(each => placeOf(each) === placeOf(location));
  if (named.length > 0 && !isNamed) {
    throw new InputError(
      `${location.owner}/${location.repo} on ${location.host} is not a repository that templates may write to. Leave the repository empty, sign in to the forge, or have the platform team add it to lattice.git.repositories`,
    );
  }
}

function placeOf({ host, owner, repo }: RepositoryLocation): string {
  // Forges compare owners and names without regard to case.
  return `${host}/${owner}/${repo}`.toLowerCase();
}
