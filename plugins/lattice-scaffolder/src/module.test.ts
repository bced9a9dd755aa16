import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { JsonObject } from '@backstage/types';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ScriptedGitea } from './gitea/testing/ScriptedGitea';
import { scaffolderModuleLattice } from './module';

const TEMPLATE: Entity = parse(
  readFileSync(
    join(__dirname, '../templates/lattice-package/template.yaml'),
    'utf8',
  ),
);
const TEMPLATE_REF = 'template:default/lattice-package';
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

type Backend = Awaited<ReturnType<typeof startTestBackend>>;

describe('template:default/lattice-package in a real scaffolder', () => {
  let gitea: ScriptedGitea;
  let backend: Backend;
  let base: string;

  beforeAll(async () => {
    gitea = new ScriptedGitea();
    await gitea.start();
    backend = await startTestBackend({
      features: [
        scaffolderPlugin,
        scaffolderModuleLattice,
        catalogServiceMock.factory({ entities: [TEMPLATE] }),
        mockServices.rootConfig.factory({
          data: {
            backend: {
              baseUrl: 'http://127.0.0.1',
              database: { client: 'better-sqlite3', connection: ':memory:' },
            },
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
              charts: {
                allowedRepositories: ['oci://registry.example.com/charts'],
              },
              git: { repoUrl: `${gitea.host}?owner=data&repo=deploy` },
            },
          },
        }),
      ],
    });
    const { port } = backend.server.address() as { port: number };
    base = `http://127.0.0.1:${port}/api/scaffolder/v2`;
  }, 60_000);

  afterAll(async () => {
    await backend?.stop();
    await gitea?.stop();
  });

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${base}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        authorization: mockCredentials.user.header('user:default/mock'),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${response.status} ${text}`);
    }
    return JSON.parse(text);
  }

  async function runTemplate(values: object) {
    const { id } = await ask<{ id: string }>('tasks', {
      templateRef: TEMPLATE_REF,
      values,
    });
    for (;;) {
      const events = await ask<{ type: string; body: JsonObject }[]>(
        `tasks/${id}/events`,
      );
      const end = events.find(event => event.type === 'completion');
      if (end) {
        return { end: end.body, log: JSON.stringify(events) };
      }
      await new Promise(done => setTimeout(done, 50));
    }
  }

  it('ends in a pull request with both files and a summary', async () => {
    const { end, log } = await runTemplate(ANSWERS);

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
    expect(log).not.toContain('secret-token-1');
  }, 30_000);

  it('fails in the first step, with the rule, before there is a pull request', async () => {
    const { log } = await runTemplate({
      ...ANSWERS,
      version: '1.0.0',
      repository: 'https://charts.example.org',
    });

    expect(log).toContain('is not an approved chart repository');
    expect(gitea.pulls).toHaveLength(1);
  }, 30_000);

  it('needs no more than chart and place', async () => {
    await runTemplate({
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
      const ask400 = ask('tasks', {
        templateRef: TEMPLATE_REF,
        values: answers,
      });
      await expect(ask400).rejects.toThrow(/400.*anyway/);

      const { log } = await runTemplate({
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
    const answer = await ask<{ output: { text: { content: string }[] } }>(
      'dry-run',
      {
        template: TEMPLATE,
        values: { ...ANSWERS, name: 'dry' },
        secrets: {},
        directoryContents: [],
      },
    );
    expect(answer.output.text[0].content).toContain('`data/dry`');
    expect(gitea.authorizations.length).toBe(before);
  }, 30_000);
});
