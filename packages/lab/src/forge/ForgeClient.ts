/** One file of a commit. */
export type FileChange =
  | { operation: 'create'; path: string; content: string }
  | { operation: 'update'; path: string; content: string; sha: string }
  | { operation: 'delete'; path: string; sha: string };

/** Name of the branch that is delivered. */
export const MAIN_BRANCH = 'main';

/** The few calls of Gitea's API that the lab and its tests need. */
export class ForgeClient {
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  async createOrganization(name: string): Promise<void> {
    await this.call('POST', '/orgs', { username: name, visibility: 'public' });
  }

  async createRepository(organization: string, name: string): Promise<void> {
    await this.call('POST', `/orgs/${organization}/repos`, {
      name,
      default_branch: MAIN_BRANCH,
      auto_init: false,
    });
  }

  /** Makes one commit on main. */
  async changeFiles(
    repository: string,
    message: string,
    files: FileChange[],
  ): Promise<void> {
    await this.call('POST', `/repos/${repository}/contents`, {
      branch: MAIN_BRANCH,
      new_branch: MAIN_BRANCH,
      message,
      files: files.map(file =>
        'content' in file
          ? { ...file, content: Buffer.from(file.content).toString('base64') }
          : file,
      ),
    });
  }

  /** Blob id of a file on main, needed to change or delete it; undefined when there is none. */
  async fileSha(repository: string, path: string): Promise<string | undefined> {
    const answer = await this.send(
      'GET',
      `/repos/${repository}/contents/${path}?ref=${MAIN_BRANCH}`,
    );
    if (answer.status === 404) {
      return undefined;
    }
    const { sha } = (await (await this.checked(answer, path)).json()) as {
      sha: string;
    };
    return sha;
  }

  /** Commit that main points at; undefined while the repository is empty. */
  async mainCommit(
    repository: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const path = `/repos/${repository}/branches/${MAIN_BRANCH}`;
    const answer = await this.send('GET', path, undefined, signal);
    if (answer.status === 404) {
      return undefined;
    }
    const branch = (await (await this.checked(answer, path)).json()) as {
      commit: { id: string };
    };
    return branch.commit.id;
  }

  /** The repository's files at a commit, as a gzipped tar. */
  async archive(
    repository: string,
    commit: string,
    signal?: AbortSignal,
  ): Promise<Buffer> {
    const path = `/repos/${repository}/archive/${commit}.tar.gz`;
    const answer = await this.checked(
      await this.send('GET', path, undefined, signal),
      path,
    );
    return Buffer.from(await answer.arrayBuffer());
  }

  private async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<void> {
    const answer = await this.checked(
      await this.send(method, path, body),
      path,
    );
    await answer.arrayBuffer();
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      signal,
      headers: {
        authorization: `token ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private async checked(answer: Response, path: string): Promise<Response> {
    if (!answer.ok) {
      const text = (await answer.text()).slice(0, 300);
      throw new Error(
        `The forge answered ${answer.status} to ${path}: ${text}`,
      );
    }
    return answer;
  }
}
