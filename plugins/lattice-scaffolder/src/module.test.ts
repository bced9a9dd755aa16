import { JsonObject } from '@backstage/types';
import { ScriptedGitea } from './gitea/__testUtils__/ScriptedGitea';
import {
  TEMPLATE,
  TEMPLATE_REF,
  TestScaffolder,
  startScaffolder,
} from './__testUtils__/startScaffolder';

const VALUES = `replicas: 3
auth:
  enabled: true
  password: "\${resources.redis.auth-token}"
`;

/** What a person fills in; what they leave empty is not there. */
const ANSWERS: JsonObject = {
  workload: 'third-party',
  teams: 'one',
  repository: 'oci://registry.example.com/charts',
  chart: 'redis',
  version: '18.4.0',
  cluster: 'lab',
  namespace: 'data',
  name: 'redis',
  owner: 'group:default/data',
  values: VALUES,
  secrets: [{ resource: 'redis', keys: ['auth-token'] }],
  ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
  selector: 'app=redis',
  allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
};

describe('template:default/lattice-package in a real scaffolder', () => {
  let gitea: ScriptedGitea;
  let scaffolder: TestScaffolder;

  beforeAll(async () => {
    gitea = new ScriptedGitea();
    await gitea.start();
    scaffolder = await startScaffolder({
      integrations: {
        gitea: [
          {
            host: gitea.host,
            baseUrl: `http://${gitea.host}`,
            password: 'secret-token-1',
          },
        ],
      },
      lattice: {
        helm: { binary: '/nowhere/helm' },
        charts: { allowedRepositories: ['oci://registry.example.com/charts'] },
        git: { repoUrl: `${gitea.host}?owner=data&repo=deploy` },
      },
    });
  }, 60_000);

  afterAll(async () => {
    await scaffolder?.stop();
    await gitea?.stop();
  });

  it('ends in a pull request with both files and a summary', async () => {
    const { end, log } = await scaffolder.runTemplate(ANSWERS);

    expect(end).toMatchObject({
      output: {
        links: [
          { url: 'https://forge.example.com/data/deploy/pulls/1' },
          { url: '/lattice/packages/lab/data/redis' },
        ],
      },
    });
    expect([...gitea.branch('lattice/lab/data/redis').files.keys()]).toEqual([
      'clusters/lab/data/redis/mesh-member.yaml',
      'clusters/lab/data/redis/package.yaml',
    ]);
    expect(gitea.pull(1)).toMatchObject({
      title: 'Add redis to data on lab',
      body: expect.stringContaining('Requested by `user:default/mock`'),
    });
    expect(gitea.pull(1).body).toMatch(
      /Not compared with the chart.*Install Helm/,
    );
    expect(log).not.toContain('secret-token-1');
  }, 30_000);

  it('fails in the first step, with the rule, before there is a pull request', async () => {
    const { log } = await scaffolder.runTemplate({
      ...ANSWERS,
      version: '1.0.0',
      repository: 'https://charts.example.org',
    });

    expect(log).toContain('is not an approved chart repository');
    expect(gitea.pulls).toHaveLength(1);
  }, 30_000);

  it('needs no more than chart and place', async () => {
    await scaffolder.runTemplate({
      workload: 'third-party',
      repository: 'oci://registry.example.com/charts',
      chart: 'redis',
      version: '18.4.0',
      cluster: 'lab',
      namespace: 'data',
      name: 'cache',
    });

    expect(gitea.pull(2).title).toBe('Add cache to data on lab');
  }, 30_000);

  it.each(['service', 'job', 'model'])(
    'points a %s elsewhere, unless the person insists',
    async workload => {
      const answers = { ...ANSWERS, workload, teams: undefined };
      const ask400 = scaffolder.ask('tasks', {
        templateRef: TEMPLATE_REF,
        values: answers,
      });
      await expect(ask400).rejects.toThrow(/400.*anyway/);

      const { log } = await scaffolder.runTemplate({
        ...answers,
        name: workload,
        anyway: true,
      });
      expect(log).toContain('"status":"completed"');
    },
    30_000,
  );

  it('asks for every parameter that its steps use', () => {
    const spec = TEMPLATE.spec as unknown as {
      parameters: { properties: object }[];
      steps: unknown;
      output: unknown;
    };
    const asked = JSON.stringify(spec.parameters);
    const used = JSON.stringify([spec.steps, spec.output]).matchAll(
      /parameters\.(\w+)/g,
    );
    const missing = [...used].filter(
      ([, name]) => !asked.includes(`"${name}":`),
    );
    expect(missing).toEqual([]);
  });

  it('runs dry without touching the forge', async () => {
    const before = gitea.authorizations.length;
    const answer = await scaffolder.ask<{
      output: { text: { content: string }[] };
    }>('dry-run', {
      template: TEMPLATE,
      values: { ...ANSWERS, name: 'dry' },
      secrets: {},
      directoryContents: [],
    });
    expect(answer.output.text[0].content).toContain('`data/dry`');
    expect(gitea.authorizations.length).toBe(before);
  }, 30_000);
});
