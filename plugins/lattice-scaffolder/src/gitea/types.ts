/** One file of a pull request, with its path in the repository. */
export interface ProposedFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What the pull request is to be. */
export interface PullRequestProposal {
  readonly branch: string;
  readonly targetBranch: string;
  readonly title: string;
  readonly description: string;
  readonly commitMessage: string;
  /** The only folder that the pull request may touch. */
  readonly folder: string;
  readonly files: readonly ProposedFile[];
  /** false = an open pull request of the same branch is returned as it is. */
  readonly update: boolean;
}

/** The part of Gitea's pull request that is read. */
export interface GiteaPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly head: {
    readonly ref: string;
    readonly repo?: { readonly full_name: string } | null;
  };
  readonly base: {
    readonly ref: string;
    readonly repo?: { readonly full_name: string } | null;
  };
}

/** Where the pull request is. */
export interface OpenedPullRequest {
  readonly number: number;
  readonly url: string;
}
