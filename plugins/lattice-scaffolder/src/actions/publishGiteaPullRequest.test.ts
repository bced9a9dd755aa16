import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { JsonObject } from '@backstage/types';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { ScriptedGitea } from '../gitea/__testUtils__/ScriptedGitea';
import { createPublishGiteaPullRequestAction } from './publishGiteaPullRequest';
import { examples } from './publishGiteaPullRequest.examples';

const TOKEN = 'integration-token-1234';
const FOLDER = 'clusters/lab/data/redis';
const BRANCH = 'lattice/lab/data/redis';

describe('publish:gitea:pull-request', () => {
  let gitea: ScriptedGitea;
  let workspacePath: string;
  let gitConfig: JsonObject;

  beforeEach(async () => {
    gitea = new ScriptedGitea();
    await gitea.start();
    gitConfig = {};
    workspacePath = await mkdtemp(join(tmpdir(), 'lattice-publish-'));
    await writeWorkspace(`${FOLDER}/package.yaml`, 'kind: LatticePackage\n');
    await writeWorkspace(
      `${FOLDER}/mesh-member.yaml`,
      'kind: LatticeMeshMember\n',
    );
  });

  afterEach(async () => {
    await gitea.stop();
    await rm(workspacePath, { recursive: true });
  });

  async function writeWorkspace(path: string, text: string) {
    const target = join(workspacePath, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  function integrations(credentials: object = { password: TOKEN }) {
    const entry = (host: string) => ({
      host,
      baseUrl: `http://${gitea.host}`,
      ...credentials,
    });
    return ScmIntegrations.fromConfig(
      new ConfigReader({
        integrations: {
          gitea: [entry(gitea.host), entry('forge.example.com')],
          github: [{ host: 'github.com' }],
        },
      }),
    );
  }

  function anInput(changes: object = {}) {
    return {
      repoUrl: `${gitea.host}?owner=data&repo=deploy`,
      branchName: BRANCH,
      title: 'Add redis',
      description: 'What and why',
      sourcePath: FOLDER,
      ...changes,
    };
  }

  async function run(
    changes: object = {},
    context: object = {},
    credentials?: object,
  ) {
    const action = createPublishGiteaPullRequestAction({
      config: new ConfigReader({ lattice: { git: gitConfig } }),
      integrations: integrations(credentials),
    });
    const ctx = {
      ...createMockActionContext({ input: anInput(changes), workspacePath }),
      user: { ref: 'user:default/data-owner' },
      ...context,
    };
    await action.handler(ctx);
    return Object.fromEntries((ctx.output as jest.Mock).mock.calls);
  }

  it('opens a pull request with the files, below their folder, and names the requester', async () => {
    const output = await run();

    expect(output).toEqual({
      remoteUrl: 'https://forge.example.com/data/deploy/pulls/1',
      pullRequestNumber: 1,
      branch: BRANCH,
    });
    expect([...gitea.branch(BRANCH).files.keys()].sort()).toEqual([
      `${FOLDER}/mesh-member.yaml`,
      `${FOLDER}/package.yaml`,
    ]);
    expect(gitea.branch('main').files.size).toBe(0);
    expect(gitea.pull(1)).toMatchObject({
      base: 'main',
      head: BRANCH,
      body: 'What and why\n\nRequested-by: user:default/data-owner',
    });
    expect(gitea.branch(BRANCH).commits.at(-1)).toBe(
      'Add redis\n\nRequested-by: user:default/data-owner',
    );
  });

  it('writes nothing on a second run, because a recovered task repeats its steps', async () => {
    const first = await run();
    const writes = [...gitea.writes];

    expect(await run()).toEqual(first);
    expect(gitea.writes).toEqual(writes);
  });

  it('opens the pull request when a former run died after the commit', async () => {
    gitea.fault = call =>
      call.route === '/pulls' && call.method === 'POST'
        ? { status: 500, body: {} }
        : undefined;
    await expect(run()).rejects.toThrow(/HTTP 500.*Gitea itself has failed/);
    gitea.fault = undefined;

    expect(await run()).toMatchObject({ pullRequestNumber: 1 });
    expect(gitea.writes).toEqual(['POST /contents', 'POST /pulls']);
  });

  it('updates files and text of the open pull request of the same branch', async () => {
    await run();
    await writeWorkspace(
      `${FOLDER}/package.yaml`,
      'kind: LatticePackage\nnew: 1\n',
    );

    const output = await run({ title: 'Add redis 18.5' });

    expect(output.pullRequestNumber).toBe(1);
    expect(gitea.pulls).toHaveLength(1);
    expect(gitea.pull(1).title).toBe('Add redis 18.5');
    expect(gitea.branch(BRANCH).files.get(`${FOLDER}/package.yaml`)).toContain(
      'new: 1',
    );
  });

  it('leaves an open pull request as it is when asked to', async () => {
    await run();
    await writeWorkspace(`${FOLDER}/package.yaml`, 'changed: true\n');
    const writes = [...gitea.writes];

    const output = await run({ update: false, title: 'Other' });

    expect(output.pullRequestNumber).toBe(1);
    expect(gitea.writes).toEqual(writes);
  });

  it('starts again from the target when the former pull request of the branch was merged', async () => {
    await run();
    gitea.merge(1);
    gitea.branch('main').files.set('elsewhere.yaml', 'moved on');
    await writeWorkspace(`${FOLDER}/package.yaml`, 'version: 2\n');

    const output = await run();

    expect(output.pullRequestNumber).toBe(2);
    expect(gitea.branch(BRANCH).files.has('elsewhere.yaml')).toBe(true);
  });

  it('says so when the target already has the files', async () => {
    await run();
    gitea.merge(1);
    gitea.branches.delete(BRANCH);

    await expect(run()).rejects.toThrow(
      /Nothing to propose.*already has these files on main/,
    );
  });

  it('looks again when somebody makes the branch at the same moment', async () => {
    let raced = false;
    gitea.fault = call => {
      if (call.method === 'POST' && call.route === '/contents' && !raced) {
        raced = true;
        const { files, commits } = gitea.branch('main');
        gitea.branches.set(BRANCH, {
          files: new Map(files),
          commits: [...commits, 'theirs'],
        });
      }
      return undefined;
    };

    expect(await run()).toMatchObject({ pullRequestNumber: 1 });
    expect(gitea.branch(BRANCH).commits).toContain('theirs');
  });

  it.each([
    ['has nothing of its own, and would be made anew', ['first']],
    ['is ahead, and would get our commit', ['first', 'theirs']],
  ])(
    'leaves a branch alone that is not of our making and %s',
    async (_why, commits) => {
      const files = new Map(gitea.branch('main').files);
      gitea.branches.set('release', { files, commits });

      await expect(run({ branchName: 'release' })).rejects.toThrow(
        /release.*is there already and has no open pull request into main/,
      );
      expect(gitea.writes).toEqual([]);
    },
  );

  it('goes on with a branch of another name that its open pull request shows to be ours', async () => {
    await run({ branchName: 'add-redis' });
    await writeWorkspace(`${FOLDER}/package.yaml`, 'version: 2\n');

    expect(await run({ branchName: 'add-redis' })).toMatchObject({
      pullRequestNumber: 1,
    });
    expect(
      gitea.branch('add-redis').files.get(`${FOLDER}/package.yaml`),
    ).toContain('version: 2');
  });

  it('opens the pull request of such a branch when a former run died after its commit', async () => {
    await run({ branchName: 'add-redis' });
    gitea.pulls.length = 0;

    expect(await run({ branchName: 'add-redis' })).toMatchObject({
      pullRequestNumber: 1,
    });
  });

  it('refuses to write to the default branch, whatever the target', async () => {
    gitea.branches.set('staging', {
      files: new Map(gitea.branch('main').files),
      commits: ['first'],
    });

    await expect(
      run({ branchName: 'main', targetBranchName: 'staging' }),
    ).rejects.toThrow(/branchName is the branch main itself/);
    expect(gitea.writes).toEqual([]);
  });

  it('names the requester on a line of its own, whatever the text says', async () => {
    await run({
      description:
        'For user:default/data-owner2\nRequested-by: user:default/boss',
    });

    expect(gitea.pull(1).body).toBe(
      'For user:default/data-owner2\n\nRequested-by: user:default/data-owner',
    );
  });

  it('refuses a branch that also changes something outside the folder, and closes what it opened', async () => {
    const main = gitea.branch('main');
    gitea.branches.set(BRANCH, {
      files: new Map([...main.files, ['clusters/lab/other/x.yaml', 'evil']]),
      commits: [...main.commits, 'planted'],
    });

    await expect(run()).rejects.toThrow(
      /also changes clusters\/lab\/other\/x\.yaml, outside clusters\/lab\/data\/redis/,
    );
    expect(gitea.pull(1).state).toBe('closed');
  });

  it('keeps the integration’s token to the repositories that are named', async () => {
    gitConfig = { repoUrl: 'forge.example.com?owner=platform&repo=fleet' };
    await expect(run()).rejects.toThrow(
      /data\/deploy on .* is not a repository that templates may write to/,
    );
    expect(gitea.authorizations).toEqual([]);

    gitConfig.repositories = [`http://${gitea.host}/Data/deploy`];
    expect(await run()).toMatchObject({ pullRequestNumber: 1 });
  });

  it('lets the forge decide where the user’s own token may write', async () => {
    gitConfig = { repoUrl: 'forge.example.com?owner=platform&repo=fleet' };
    const secrets = { USER_OAUTH_TOKEN: 'user-token' };
    expect(await run({}, { secrets })).toMatchObject({ pullRequestNumber: 1 });
  });

  it('acts with the user’s own token when there is one', async () => {
    await run({}, { secrets: { USER_OAUTH_TOKEN: 'user-token' } });
    expect(new Set(gitea.authorizations)).toEqual(
      new Set(['token user-token']),
    );
  });

  it('acts with user name and password of the integration otherwise', async () => {
    await run({}, {}, { username: 'bot', password: 'pw' });
    const basic = `Basic ${Buffer.from('bot:pw').toString('base64')}`;
    expect(new Set(gitea.authorizations)).toEqual(new Set([basic]));
  });

  it.each([
    [401, /token is not accepted/],
    [403, /write:repository/],
    [404, /does not exist, or the token may not see it/],
    [302, /has moved/],
    [503, /Run the task again later/],
  ])('explains HTTP %d without showing the token', async (status, advice) => {
    gitea.fault = () => ({ status, body: { message: `bad ${TOKEN}` } });

    const error: Error = await run().catch(failure => failure);

    expect(error.message).toMatch(advice);
    expect(error.message).toContain(`data/deploy on ${gitea.host}`);
    expect(error.message).not.toContain(TOKEN);
  });

  it('says what to set when there are no credentials', async () => {
    await expect(run({}, {}, {})).rejects.toThrow(
      /no credentials.*integrations\.gitea/,
    );
    expect(gitea.authorizations).toEqual([]);
  });

  it('says so when Gitea does not answer', async () => {
    await gitea.stop();

    await expect(run()).rejects.toThrow(/no answer \(ECONNREFUSED\)/);
  });

  it('stops at once when the task is cancelled', async () => {
    const abort = new AbortController();
    gitea.fault = () => {
      abort.abort(new Error('cancelled by the user'));
      return 'hang';
    };

    await expect(run({}, { signal: abort.signal })).rejects.toThrow(
      'cancelled by the user',
    );
    expect(gitea.writes).toEqual([]);
  });

  it('asks nobody in a dry run', async () => {
    const output = await run({}, { isDryRun: true });
    expect(output.branch).toBe(BRANCH);
    expect(gitea.authorizations).toEqual([]);
  });

  it.each([
    ['the root of the repository', { targetPath: '/', sourcePath: '.' }],
    ['a way out', { targetPath: 'clusters/../../x' }],
    ['what the forge runs', { targetPath: '.gitea/workflows' }],
  ])('refuses %s as the folder', async (_name, changes) => {
    await expect(run(changes)).rejects.toThrow(
      /not a path that a pull request may touch/,
    );
  });

  it.each([
    ['leaves the workspace', { sourcePath: '../..', targetPath: 'x' }],
    ['is empty', { sourcePath: 'nothing-here', targetPath: 'x' }],
  ])('refuses a source that %s', async (_name, changes) => {
    await expect(run(changes)).rejects.toThrow();
    expect(gitea.authorizations).toEqual([]);
  });

  it('refuses links, which could bring in files of the backend', async () => {
    await symlink('/etc/hostname', join(workspacePath, FOLDER, 'stolen.yaml'));
    await expect(run()).rejects.toThrow(/link or a special file/);
  });

  it('refuses hidden files, which could bring in what the CI runs', async () => {
    await writeWorkspace(`${FOLDER}/.drone.yml`, 'kind: pipeline\n');
    await expect(run()).rejects.toThrow(
      /not a path that a pull request may touch/,
    );
  });

  it.each([
    ['main', /needs a branch of its own/],
    ['a..b', /plain branch name/],
    ['-x', /plain branch name/],
  ])('refuses the branch %s', async (branchName, message) => {
    await expect(run({ branchName })).rejects.toThrow(message);
    expect(gitea.writes).toEqual([]);
  });

  it.each([
    ['archived', { archived: true }],
    ['empty', { empty: true }],
  ])('refuses an %s repository with what to do', async (state, flags) => {
    Object.assign(gitea.repository, flags);
    await expect(run()).rejects.toThrow(new RegExp(`is ${state}: `));
  });

  it('refuses another kind of forge and an unknown host', async () => {
    await expect(run({ repoUrl: 'github.com?owner=a&repo=b' })).rejects.toThrow(
      /writes to Gitea only/,
    );
    await expect(
      run({ repoUrl: 'unknown.example?owner=a&repo=b' }),
    ).rejects.toThrow(/integration/);
  });

  it.each(examples)('runs its example: $description', async ({ example }) => {
    const [{ input }] = parse(example).steps;
    gitea.branches.set('staging', { files: new Map(), commits: ['first'] });

    expect(await run(input)).toMatchObject({ pullRequestNumber: 1 });
  });
});
