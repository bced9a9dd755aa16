import { ConfigReader } from '@backstage/config';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { JsonObject } from '@backstage/types';
import { Lab, startLab } from 'lab';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createInspectChartAction } from './actions/inspectChart';
import { examples } from './actions/inspectChart.examples';
import {
  TestScaffolder,
  startScaffolder,
} from './__testUtils__/startScaffolder';

const REPOSITORY = 'oci://registry.example.com/charts';

describe('templates on the lab: real charts, real Helm, real Gitea', () => {
  let dir: string;
  let lab: Lab;
  let lattice: JsonObject;
  let scaffolder: TestScaffolder;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-scaffolder-'));
    lab = await startLab({ parts: ['forge', 'registry'], dataDir: dir });
    const { host } = new URL(lab.forge.url);
    const [owner, repo] = lab.forge.repository.split('/');
    lattice = {
      helm: { binary: lab.helm['4'] },
      charts: {
        allowedRepositories: [REPOSITORY],
        mirrors: [
          {
            from: REPOSITORY,
            to: `oci://${new URL(lab.registry.url).host}/charts`,
            caFile: lab.registry.caFile,
          },
        ],
      },
      git: { repoUrl: `${host}?owner=${owner}&repo=${repo}` },
    };
    scaffolder = await startScaffolder({
      integrations: {
        gitea: [
          {
            host,
            baseUrl: lab.forge.url,
            username: lab.forge.user,
            password: lab.forge.token,
          },
        ],
      },
      lattice,
    });
  }, 900_000);

  afterAll(async () => {
    await scaffolder?.stop();
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  async function inspect(changes: object = {}) {
    const [{ input }] = parse(examples[0].example).steps;
    const action = createInspectChartAction({
      config: new ConfigReader({ lattice }),
    });
    const ctx = {
      ...createMockActionContext(),
      createTemporaryDirectory: () => mkdtemp(join(dir, 'task-')),
      input: { ...input, ...changes },
    };
    await action.handler(ctx);
    return Object.fromEntries((ctx.output as jest.Mock).mock.calls);
  }

  it('tells what redis would bring', async () => {
    expect(await inspect()).toMatchObject({
      inspected: true,
      selector: 'app.kubernetes.io/name=redis,app.kubernetes.io/instance=redis',
      ports: [{ port: 6379, name: 'redis' }],
      serviceAccounts: ['redis'],
      clusterScoped: [],
      policyObjects: [],
    });
  }, 60_000);

  it('sees the port that a newer version adds', async () => {
    const { ports } = await inspect({
      version: '18.5.0',
      values: {
        metrics: { enabled: true },
        auth: { password: '${resources.redis.auth-token}' },
      },
    });
    expect(ports).toContainEqual(expect.objectContaining({ port: 9121 }));
  }, 60_000);

  it.each([
    [
      'a version that is not there',
      { version: '99.0.0' },
      /no chart redis in version 99\.0\.0/,
    ],
    [
      'a repository that is not allowed',
      { repository: 'oci://evil.example/charts' },
      /allowed/,
    ],
    [
      'a typed secret',
      { values: { auth: { password: 'hunter2' } } },
      /values\.auth\.password: looks like a secret/,
    ],
  ])(
    'fails on %s even where an inspection is optional',
    async (_name, changes, message) => {
      await expect(inspect({ ...changes, optional: true })).rejects.toThrow(
        message,
      );
    },
    60_000,
  );

  it('goes on, with the reason, when the chart does not render with these values', async () => {
    const output = await inspect({
      values: { replicas: 'many' },
      optional: true,
    });
    expect(output).toMatchObject({ inspected: false, workloads: [] });
    expect(output.problem).toMatch(/does not render/);
  }, 60_000);

  it('walks the template to a pull request whose member fits the chart', async () => {
    const { end, log } = await scaffolder.runTemplate({
      workload: 'third-party',
      teams: 'one',
      repository: REPOSITORY,
      chart: 'redis',
      version: '18.4.0',
      cluster: 'lab',
      namespace: 'data',
      name: 'cache',
      values: 'replicas: 1\nauth:\n  password: ${resources.cache.auth-token}\n',
      secrets: [{ resource: 'cache', keys: ['auth-token'] }],
      ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
      allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
    });

    expect(log).toContain('"status":"completed"');
    const pull = await forge<{ body: string; head: { ref: string } }>(
      'pulls/1',
    );
    expect(end).toMatchObject({
      output: {
        links: [
          { url: `${lab.forge.url}/${lab.forge.repository}/pulls/1` },
          {},
        ],
      },
    });
    expect(pull.head.ref).toBe('lattice/lab/data/cache');
    expect(pull.body).toContain('Compared with the pods that the chart makes');
    expect(pull.body).not.toContain('Look at** `mesh-member.yaml`');
    const member = await forge<{ content: string }>(
      'contents/clusters/lab/data/cache/mesh-member.yaml?ref=lattice/lab/data/cache',
    );
    expect(
      parse(Buffer.from(member.content, 'base64').toString('utf8')).spec.target,
    ).toEqual({
      selector: {
        'app.kubernetes.io/name': 'redis',
        'app.kubernetes.io/instance': 'cache',
      },
    });
    expect(log).not.toContain(lab.forge.token);
  }, 120_000);

  async function forge<T>(path: string): Promise<T> {
    const answer = await fetch(
      `${lab.forge.url}/api/v1/repos/${lab.forge.repository}/${path}`,
      { headers: { authorization: `token ${lab.forge.token}` } },
    );
    return answer.json();
  }
});
