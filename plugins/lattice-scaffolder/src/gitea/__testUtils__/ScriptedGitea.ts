import { createHash } from 'node:crypto';
import {
  IncomingMessage,
  Server,
  ServerResponse,
  createServer,
} from 'node:http';
import { AddressInfo } from 'node:net';

/** A branch: what it holds, and the paths that differ from the branch it was made from. */
interface Branch {
  files: Map<string, string>;
  commits: string[];
}

interface Pull {
  number: number;
  state: string;
  title: string;
  body: string;
  head: string;
  base: string;
}

interface Call {
  readonly method: string;
  readonly route: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** Answers in place of the model: for faults that a real Gitea does not produce on demand. */
export type Fault = (call: Call) => Reply | 'hang' | undefined;

const REPOSITORY = 'data/deploy';

/**
 * The routes of Gitea that the actions use, over a real socket, with one repository in memory. Tests look at the
 * repository as it is in the end, and may inject faults.
 */
export class ScriptedGitea {
  readonly branches = new Map<string, Branch>();
  readonly pulls: Pull[] = [];
  readonly authorizations: (string | undefined)[] = [];
  readonly writes: string[] = [];
  repository = { default_branch: 'main', empty: false, archived: false };
  fault: Fault | undefined;
  /** Address and port; kept after the stop. */
  host = '';
  private server: Server | undefined;

  constructor() {
    this.branches.set('main', { files: new Map(), commits: ['first'] });
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(error => {
        response.writeHead(500).end(JSON.stringify({ message: `${error}` }));
      });
    });
    await new Promise<void>(done => this.server?.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    this.host = `127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>(done =>
      server ? server.close(() => done()) : done(),
    );
  }

  /** Merges a pull request as a person would; the branch stays. */
  merge(number: number): void {
    const pull = this.pull(number);
    const head = this.branch(pull.head);
    const base = this.branch(pull.base);
    head.files.forEach((content, path) => base.files.set(path, content));
    base.commits = [...new Set([...base.commits, ...head.commits])];
    pull.state = 'closed';
  }

  pull(number: number): Pull {
    const pull = this.pulls.find(each => each.number === number);
    if (!pull) {
      throw new Error(`no pull request ${number}`);
    }
    return pull;
  }

  branch(name: string): Branch {
    const branch = this.branches.get(name);
    if (!branch) {
      throw new Error(`no branch ${name}`);
    }
    return branch;
  }

  private async serve(request: IncomingMessage, response: ServerResponse) {
    this.authorizations.push(request.headers.authorization);
    const url = new URL(`http://gitea${request.url}`);
    const text = await readAll(request);
    const prefix = `/api/v1/repos/${REPOSITORY}`;
    const call: Call = {
      method: request.method ?? 'GET',
      route: decodeURIComponent(url.pathname).replace(prefix, ''),
      query: url.searchParams,
      body: text ? JSON.parse(text) : {},
    };
    const faulty = this.fault?.(call);
    if (faulty === 'hang') {
      return;
    }
    const isOurs = decodeURIComponent(url.pathname).startsWith(prefix);
    const notFound = { status: 404, body: { message: 'not found' } };
    const reply = faulty ?? (isOurs ? this.answer(call) : notFound);
    if (call.method !== 'GET' && reply.status < 300) {
      this.writes.push(`${call.method} ${call.route}`);
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  }

  private answer(call: Call): Reply {
    const { method, route } = call;
    const routes: [RegExp, (match: string[]) => Reply][] = [
      [/^GET \/?$/, () => ({ status: 200, body: this.repository })],
      [
        /^GET \/branches\/(.+)$/,
        ([name]) => this.found(this.branches.get(name) && { name }),
      ],
      [/^DELETE \/branches\/(.+)$/, ([name]) => this.removeBranch(name)],
      [
        /^GET \/compare\/(.+)\.\.\.(.+)$/,
        ([base, head]) => this.compare(base, head),
      ],
      [
        /^GET \/contents\/(.+)$/,
        ([path]) => this.contents(path, call.query.get('ref') ?? 'main'),
      ],
      [/^POST \/contents$/, () => this.commit(call.body)],
      [/^GET \/pulls$/, () => this.listPulls(call.query)],
      [/^POST \/pulls$/, () => this.openPull(call.body)],
      [
        /^PATCH \/pulls\/(\d+)$/,
        ([number]) => this.changePull(Number(number), call.body),
      ],
      [
        /^GET \/pulls\/(\d+)\/files$/,
        ([number]) => this.pullFiles(Number(number), call.query),
      ],
    ];
    for (const [pattern, answer] of routes) {
      const match = pattern.exec(`${method} ${route}`);
      if (match) {
        return answer(match.slice(1));
      }
    }
    return { status: 405, body: { message: `no route ${method} ${route}` } };
  }

  private found(body: unknown): Reply {
    return body
      ? { status: 200, body }
      : { status: 404, body: { message: 'not found' } };
  }

  private removeBranch(name: string): Reply {
    this.branches.delete(name);
    return { status: 204 };
  }

  private compare(base: string, head: string): Reply {
    const known = new Set(this.branch(base).commits);
    const ahead = this.branch(head).commits.filter(id => !known.has(id));
    return { status: 200, body: { total_commits: ahead.length } };
  }

  private contents(path: string, ref: string): Reply {
    const files = this.branch(ref).files;
    const content = files.get(path);
    if (content !== undefined) {
      return this.found({ type: 'file', sha: blobSha(content) });
    }
    const isFolder = [...files.keys()].some(each =>
      each.startsWith(`${path}/`),
    );
    return this.found(isFolder && [{ type: 'file' }]);
  }

  private commit(body: Record<string, unknown>): Reply {
    const target = `${body.new_branch ?? body.branch}`;
    if (body.new_branch && this.branches.has(target)) {
      return { status: 409, body: { message: 'branch already exists' } };
    }
    const from = this.branch(`${body.branch}`);
    const files = new Map(from.files);
    for (const file of body.files as Record<string, string>[]) {
      const held = files.get(file.path);
      const isUpdate = file.operation === 'update';
      if (
        isUpdate !== (held !== undefined) ||
        (held !== undefined && file.sha !== blobSha(held))
      ) {
        return { status: 422, body: { message: 'sha does not match' } };
      }
      files.set(
        file.path,
        Buffer.from(file.content, 'base64').toString('utf8'),
      );
    }
    const commits = [...from.commits, `${body.message}`];
    this.branches.set(target, { files, commits });
    return { status: 201, body: {} };
  }

  private listPulls(query: URLSearchParams): Reply {
    const open = this.pulls.filter(pull => pull.state === query.get('state'));
    return { status: 200, body: page(open.map(shown), query) };
  }

  private openPull(body: Record<string, unknown>): Reply {
    const pull: Pull = {
      number: this.pulls.length + 1,
      state: 'open',
      title: `${body.title}`,
      body: `${body.body}`,
      head: `${body.head}`,
      base: `${body.base}`,
    };
    this.pulls.push(pull);
    return { status: 201, body: shown(pull) };
  }

  private changePull(number: number, body: Record<string, unknown>): Reply {
    const pull = this.pull(number);
    Object.assign(pull, body);
    return { status: 201, body: shown(pull) };
  }

  private pullFiles(number: number, query: URLSearchParams): Reply {
    const pull = this.pull(number);
    const base = this.branch(pull.base).files;
    const changed = [...this.branch(pull.head).files]
      .filter(([path, content]) => base.get(path) !== content)
      .map(([filename]) => ({ filename }));
    return { status: 200, body: page(changed, query) };
  }
}

function shown(pull: Pull) {
  const repo = { full_name: REPOSITORY };
  return {
    ...pull,
    html_url: `https://forge.example.com/${REPOSITORY}/pulls/${pull.number}`,
    head: { ref: pull.head, repo },
    base: { ref: pull.base, repo },
  };
}

function page<T>(items: readonly T[], query: URLSearchParams): T[] {
  const size = Number(query.get('limit') ?? 30);
  const number = Number(query.get('page') ?? 1);
  return items.slice((number - 1) * size, number * size);
}

function blobSha(content: string): string {
  const bytes = Buffer.from(content);
  return createHash('sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
