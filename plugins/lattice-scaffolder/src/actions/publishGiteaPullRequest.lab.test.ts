import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { Lab, startLab } from 'lab';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublishGiteaPullRequestAction } from './publishGiteaPullRequest';

const FOLDER = 'clusters/lab/data/redis';
const BRANCH = 'lattice/lab/data/redis';

describe('publish:gitea:pull-request on a real Gitea', () => {
  let dir: string;
  let lab: Lab;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-forge-'));
    lab = await startLab({ parts: ['forge'], dataDir: dir });
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  async function propose(
    text: string,
    changes: object = {},
    password = lab.forge.token,
  ) {
    const workspacePath = join(dir, 'workspace');
    await mkdir(join(workspacePath, FOLDER), { recursive: true });
    await writeFile(join(workspacePath, FOLDER, 'package.yaml'), text);
    const { host } = new URL(lab.forge.url);
    const [owner, repo] = lab.forge.repository.split('/');
    const action = createPublishGiteaPullRequestAction({
      config: new ConfigReader({}),
      integrations: ScmIntegrations.fromConfig(
        new ConfigReader({
          integrations: {
            gitea: [
              {
                host,
                baseUrl: lab.forge.url,
                username: lab.forge.user,
                password,
              },
            ],
          },
        }),
      ),
    });
    const ctx = {
      ...createMockActionContext({ workspacePath }),
      user: { ref: 'user:default/data-owner' },
      input: {
        repoUrl: `${host}?owner=${owner}&repo=${repo}`,
        branchName: BRANCH,
        title: 'Add redis',
        description: 'Adds redis',
        sourcePath: FOLDER,
        ...changes,
      },
    };
    await action.handler(ctx);
    return Object.fromEntries((ctx.output as jest.Mock).mock.calls);
  }

  async function forge<T>(path: string, body?: object): Promise<T> {
    const url = `${lab.forge.url}/api/v1/repos/${lab.forge.repository}/${path}`;
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `token ${lab.forge.token}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${answer.status} ${text}`);
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async function merge(number: number) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await forge(`pulls/${number}/merge`, { Do: 'merge' });
        return;
      } catch (error) {
        // Gitea first checks in the background whether it can be merged.
        if (attempt > 50) {
          throw error;
        }
        await new Promise(done => setTimeout(done, 200));
      }
    }
  }

  it('opens, repeats without a change, updates, and starts again after the merge', async () => {
    const opened = await propose('version: 1\n');
    expect(opened).toEqual({
      remoteUrl: `${lab.forge.url}/${lab.forge.repository}/pulls/1`,
      pullRequestNumber: 1,
      branch: BRANCH,
    });
    expect(await propose('version: 1\n')).toEqual(opened);
    expect(await propose('version: 2\n', { title: 'Add redis 2' })).toEqual(
      opened,
    );
    const pull = await forge<{ title: string; body: string; commits: number }>(
      'pulls/1',
    );
    expect(pull).toMatchObject({
      title: 'Add redis 2',
      body: 'Adds redis\n\nRequested-by: user:default/data-owner',
    });
    expect(await forge<unknown[]>('pulls/1/commits')).toHaveLength(2);
    await merge(1);

    await expect(propose('version: 2\n')).rejects.toThrow(/Nothing to propose/);
    expect(await propose('version: 3\n')).toMatchObject({
      pullRequestNumber: 2,
    });
    expect(await forge<unknown[]>('pulls/2/commits')).toHaveLength(1);
  }, 120_000);

  it('refuses a branch that carries other work', async () => {
    const branchName = 'lattice/planted';
    await forge('contents', {
      branch: 'main',
      new_branch: branchName,
      message: 'planted',
      files: [
        {
          operation: 'create',
          path: 'clusters/lab/other/x.yaml',
          content: Buffer.from('evil').toString('base64'),
        },
      ],
    });

    await expect(propose('version: 1\n', { branchName })).rejects.toThrow(
      /also changes clusters\/lab\/other\/x\.yaml/,
    );
    const open = await forge<{ head: { ref: string } }[]>('pulls?state=open');
    expect(open.map(pull => pull.head.ref)).not.toContain(branchName);
  }, 60_000);

  it('says that a token is not accepted', async () => {
    const wrong = 'f'.repeat(40);
    const error: Error = await propose('version: 9\n', {}, wrong).catch(
      failure => failure,
    );
    expect(error.message).toMatch(/HTTP 401.*token is not accepted/);
    expect(error.message).not.toContain(wrong);
  }, 60_000);
});
