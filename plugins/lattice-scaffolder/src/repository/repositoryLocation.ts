import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { parseRepoUrl } from '@backstage/plugin-scaffolder-node';

/** A repository on a forge that the app has an integration for. */
export interface RepositoryLocation {
  /** `host?owner=…&repo=…`, the form that scaffolder actions take. */
  readonly repoUrl: string;
  readonly host: string;
  /** Type of the integration: `gitea`, `github`, `gitlab`, `bitbucketCloud`, … */
  readonly forge: string;
  /** Owner, group path, workspace or project. */
  readonly owner: string;
  readonly repo: string;
}

const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/**
 * Reads a repository given as `host?owner=…&repo=…` or as the address of its page, `https://host/owner/repo`.
 * Throws an InputError that says what is missing.
 */
export function readRepositoryLocation(
  text: string,
  integrations: ScmIntegrationRegistry,
): RepositoryLocation {
  const repoUrl = fromPageAddress(text.trim(), integrations);
  const parsed = parseRepoUrl(repoUrl, integrations);
  const owner = parsed.owner ?? parsed.workspace ?? parsed.project ?? '';
  const segments = [...owner.split('/'), parsed.repo];
  if (!segments.every(segment => SAFE_NAME.test(segment))) {
    throw new InputError(
      `The repository needs an owner and a name of letters, digits, ".", "_" and "-", as in ${parsed.host}?owner=data&repo=deploy`,
    );
  }
  return {
    repoUrl,
    host: parsed.host,
    forge: integrations.byHost(parsed.host)?.type ?? 'unknown',
    owner,
    repo: parsed.repo,
  };
}

function fromPageAddress(
  text: string,
  integrations: ScmIntegrationRegistry,
): string {
  if (!/^https?:\/\//.test(text)) {
    return text;
  }
  const url = URL.parse(text);
  const path = (url?.pathname ?? '').replace(/^\/+|\/+$|\.git\/*$/g, '');
  const cut = path.lastIndexOf('/');
  if (!url || cut < 1) {
    throw new InputError(
      'The repository address must look like https://forge.example.com/owner/repository',
    );
  }
  const isBitbucket = integrations
    .byHost(url.host)
    ?.type.startsWith('bitbucket');
  if (isBitbucket) {
    throw new InputError(
      `Give a Bitbucket repository as ${url.host}?workspace=…&project=…&repo=…`,
    );
  }
  const owner = encodeURIComponent(path.slice(0, cut));
  const repo = encodeURIComponent(path.slice(cut + 1));
  return `${url.host}?owner=${owner}&repo=${repo}`;
}
