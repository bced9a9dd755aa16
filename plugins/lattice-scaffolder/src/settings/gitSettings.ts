import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Where generated objects live in Git: `lattice.git` of the app's config. */
export interface GitSettings {
  /** Folder of the repository that holds `<cluster>/<namespace>/<name>`. */
  readonly root: string;
  /** Branch that is deployed; pull requests go there and source annotations name it. */
  readonly branch: string;
  /** Repository used when a template names none, as `host?owner=…&repo=…`. */
  readonly repoUrl?: string;
  /** Further repositories that the integration's token may be used for, in the same form. */
  readonly repositories: readonly string[];
}

const DEFAULT_ROOT = 'clusters';
const DEFAULT_BRANCH = 'main';

/** Reads `lattice.git`; a root that leaves the repository is refused with its key. */
export function readGitSettings(config: Config): GitSettings {
  const git = config.getOptionalConfig('lattice.git');
  return {
    root: readRoot(git?.getOptionalString('root') ?? DEFAULT_ROOT),
    branch: git?.getOptionalString('branch') ?? DEFAULT_BRANCH,
    repoUrl: git?.getOptionalString('repoUrl'),
    repositories: git?.getOptionalStringArray('repositories') ?? [],
  };
}

function readRoot(root: string): string {
  const segments = root.split('/').filter(segment => segment !== '');
  const isSafe =
    segments.length > 0 &&
    segments.every(segment => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(segment));
  if (!isSafe || root.startsWith('/')) {
    throw new InputError(
      `lattice.git.root must be a folder inside the repository, such as "clusters" or "deploy/clusters"; no segment may start with a dot`,
    );
  }
  return segments.join('/');
}
