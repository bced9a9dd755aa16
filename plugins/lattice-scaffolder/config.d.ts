export interface Config {
  /** Lattice: packages and their place in the mesh. */
  lattice?: {
    /** Where templates write package and mesh member. */
    git?: {
      /**
       * Folder of the repository that holds `<cluster>/<namespace>/<name>`. Default: `clusters`.
       */
      root?: string;
      /**
       * Branch that is deployed; pull requests go into it. Default: `main`.
       */
      branch?: string;
      /**
       * Repository used when a template's form names none: `host?owner=…&repo=…` or the address of its page.
       * The host needs an entry in `integrations`.
       */
      repoUrl?: string;
      /**
       * Further repositories that templates may write to with the integration's token. With neither this nor `repoUrl`
       * that is every repository which the token can write to.
       */
      repositories?: string[];
    };
  };
}
