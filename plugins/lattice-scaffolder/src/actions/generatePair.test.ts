import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import {
  parseMember,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createGeneratePairAction } from './generatePair';
import { examples } from './generatePair.examples';

const FOLDER = 'clusters/lab/data/redis';

function aRedis(changes: object = {}) {
  return {
    cluster: 'lab',
    namespace: 'data',
    name: 'redis',
    repository: 'oci://registry.example.com/charts',
    chart: 'redis',
    version: '18.4.0',
    values: {
      replicas: 3,
      auth: { enabled: true, password: '${resources.redis.auth-token}' },
    },
    secrets: [{ resource: 'redis', keys: ['auth-token'] }],
    ports: [{ port: 6379, name: 'redis' }],
    selector: 'app=redis',
    allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
    repoUrl: 'forge.example.com?owner=data&repo=deploy',
    ...changes,
  };
}

describe('lattice:pair:generate', () => {
  let workspacePath: string;

  beforeEach(async () => {
    workspacePath = await mkdtemp(join(tmpdir(), 'lattice-pair-'));
  });
  afterEach(() => rm(workspacePath, { recursive: true }));

  async function run(input: object = aRedis(), git: object = {}) {
    const config = new ConfigReader({
      integrations: {
        gitea: [{ host: 'forge.example.com' }],
        gitlab: [
          {
            host: 'gitlab.example.com',
            token: 't',
            apiBaseUrl: 'https://gitlab.example.com/api/v4',
          },
        ],
        bitbucketServer: [
          {
            host: 'bucket.example.com',
            apiBaseUrl: 'https://bucket.example.com/rest/api/1.0',
            token: 't',
          },
        ],
      },
      lattice: {
        charts: { allowedRepositories: ['oci://registry.example.com/charts'] },
        git,
      },
    });
    const action = createGeneratePairAction({
      config,
      integrations: ScmIntegrations.fromConfig(config),
    });
    const ctx = {
      ...createMockActionContext({ workspacePath }),
      input: input as Parameters<typeof action.handler>[0]['input'],
      user: { ref: 'user:default/data-owner' },
    };
    await action.handler(ctx);
    return Object.fromEntries((ctx.output as jest.Mock).mock.calls);
  }

  function written(path: string) {
    return readFile(join(workspacePath, path), 'utf8');
  }

  it('writes the chapter’s package, with comments and its source', async () => {
    const output = await run();

    expect(output.path).toBe(FOLDER);
    expect(output.files).toEqual([
      `${FOLDER}/package.yaml`,
      `${FOLDER}/mesh-member.yaml`,
    ]);
    expect(await written(`${FOLDER}/package.yaml`))
      .toBe(`# What runs: a Helm chart that Lattice installs, upgrades, heals and removes.
# Change it by a pull request; a change made on the cluster is undone.

apiVersion: lattice.dev/v1alpha1
kind: LatticePackage
metadata:
  name: redis
  namespace: data
  annotations:
    lattice.dev/source: url:https://forge.example.com/data/deploy/src/branch/main/clusters/lab/data/redis/package.yaml
spec:
  # Exact version. Upgrade by changing it.
  chart:
    repo: oci://registry.example.com/charts
    name: redis
    version: 18.4.0
  # Values of the chart. Secrets are references, never values.
  values:
    replicas: 3
    auth:
      enabled: true
      password: \${resources.redis.auth-token}
  # Where the secrets lie in the secret store.
  resources:
    redis:
      type: secret
      params:
        keys:
          - auth-token
`);
  });

  it('writes the chapter’s member, Strict by default', async () => {
    await run();
    const member = parseMember(
      parse(await written(`${FOLDER}/mesh-member.yaml`)),
    );

    expect(member).toMatchObject({
      ok: true,
      value: {
        metadata: { name: 'redis', namespace: 'data' },
        spec: {
          target: { selector: { app: 'redis' } },
          ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
          allowedCallers: [{ name: 'checkout', namespace: 'commerce' }],
          dependencies: [],
        },
      },
    });
  });

  it('writes the same bytes for the same answers, so that a second pull request shows only changes', async () => {
    await run();
    const first = await written(`${FOLDER}/package.yaml`);
    await run();
    expect(await written(`${FOLDER}/package.yaml`)).toBe(first);
  });

  it('tells the reviewer what runs, what opens, which secrets, what was checked and who asked', async () => {
    const { summary } = await run(
      aRedis({
        owner: 'group:default/data',
        workload: 'third-party',
        teams: 'one',
      }),
    );
    for (const part of [
      'Chart `redis` `18.4.0` from `oci://registry.example.com/charts`',
      'Why a package: third-party software',
      '`6379` (`redis`, mTLS Strict)',
      '`commerce/checkout` may call it, once it declares the dependency on `data/redis`',
      '`redis`: `auth-token` at the path by the configured rule in the default store',
      '### Checked before this pull request',
      'Requested by `user:default/data-owner`',
      'Meant for `group:default/data`',
    ]) {
      expect(summary).toContain(part);
    }
  });

  it('takes values as YAML text', async () => {
    await run(
      aRedis({
        values: 'replicas: 1 # one is enough\nauth:\n  enabled: false\n',
      }),
    );
    const pkg = parsePackage(parse(await written(`${FOLDER}/package.yaml`)));
    expect(pkg).toMatchObject({
      ok: true,
      value: { spec: { values: { replicas: 1, auth: { enabled: false } } } },
    });
  });

  it('selects the pods of the release when no labels are given', async () => {
    await run(aRedis({ selector: '' }));
    expect(
      parse(await written(`${FOLDER}/mesh-member.yaml`)).spec.target,
    ).toEqual({
      selector: { 'app.kubernetes.io/instance': 'redis' },
    });
  });

  it('writes store and path of a secret where the reference looks for them', async () => {
    await run(
      aRedis({
        secrets: [
          {
            resource: 'redis',
            provider: 'vault',
            id: 'team/redis',
            keys: ['auth-token'],
          },
        ],
      }),
    );
    expect(
      parse(await written(`${FOLDER}/package.yaml`)).spec.resources,
    ).toEqual({
      redis: {
        type: 'secret',
        id: 'team/redis',
        params: { provider: 'vault', keys: ['auth-token'] },
      },
    });
  });

  it('uses the configured repository, root and branch when the form names none', async () => {
    const output = await run(aRedis({ repoUrl: '' }), {
      repoUrl: 'forge.example.com?owner=ops&repo=fleet',
      root: 'deploy/clusters',
      branch: 'live',
    });
    expect(output).toMatchObject({
      path: 'deploy/clusters/lab/data/redis',
      repoUrl: 'forge.example.com?owner=ops&repo=fleet',
      branch: 'live',
      forge: 'gitea',
    });
    expect(await written(`${output.path}/package.yaml`)).toContain(
      'url:https://forge.example.com/ops/fleet/src/branch/live/deploy/clusters/lab/data/redis/package.yaml',
    );
  });

  it.each([
    [
      'github.com?owner=data&repo=deploy',
      'https://github.com/data/deploy/blob/main/',
    ],
    [
      'https://github.com/data/deploy.git',
      'https://github.com/data/deploy/blob/main/',
    ],
    [
      'gitlab.example.com?owner=group/sub&repo=deploy',
      'https://gitlab.example.com/group/sub/deploy/-/blob/main/',
    ],
    [
      'bitbucket.org?workspace=w&project=P&repo=deploy',
      'https://bitbucket.org/w/deploy/src/main/',
    ],
    [
      'bucket.example.com?project=P&repo=deploy',
      'https://bucket.example.com/projects/P/repos/deploy/browse/',
    ],
  ])('names the source in the way of its forge: %s', async (repoUrl, start) => {
    await run(aRedis({ repoUrl }));
    expect(await written(`${FOLDER}/package.yaml`)).toContain(
      `lattice.dev/source: url:${start}`,
    );
  });

  it.each([
    [
      'a way out in the cluster',
      { cluster: '..' },
      /cluster must be a DNS label/,
    ],
    [
      'a folder in the namespace',
      { namespace: 'data/x' },
      /namespace must be a DNS label/,
    ],
    [
      'a way out in the name',
      { name: '../../etc' },
      /name must be a DNS label/,
    ],
    [
      'a repository that is not allowed',
      { repository: 'oci://evil.example/charts' },
      /package\.yaml, spec\.chart\.repo: is not an approved chart repository/,
    ],
    ['a version range', { version: '^18.0.0' }, /one exact version/],
    [
      'a protected namespace',
      { namespace: 'kube-system' },
      /belongs to the platform/,
    ],
    [
      'a reference to a secret that is not listed',
      { secrets: [] },
      /package\.yaml, spec\.values\.auth\.password/,
    ],
    [
      'a typed secret',
      { values: { auth: { password: 'hunter2' } } },
      /spec\.values\.auth\.password: looks like a secret/,
    ],
    ['values that are a list', { values: '- a\n' }, /must be a YAML mapping/],
    [
      'values that are no YAML',
      { values: 'a: [hunter2' },
      /not valid YAML: line 1/,
    ],
    [
      'labels that are none',
      { selector: 'app' },
      /selector must be pod labels/,
    ],
    ['no repository at all', { repoUrl: undefined }, /lattice\.git\.repoUrl/],
    [
      'a repository without an integration',
      { repoUrl: 'nowhere.example?owner=a&repo=b' },
      /integration/,
    ],
    [
      'a repository name with a way out',
      { repoUrl: 'forge.example.com?owner=a&repo=../b' },
      /owner and a name/,
    ],
  ])('refuses %s and writes nothing', async (_name, changes, message) => {
    const error: Error = await run(aRedis(changes)).catch(failure => failure);

    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('hunter2');
    expect(await readdir(workspacePath)).toEqual([]);
  });

  it('refuses a repository that is not named, and a root outside of it', async () => {
    const named = { repoUrl: 'forge.example.com?owner=ops&repo=fleet' };
    await expect(run(aRedis(), named)).rejects.toThrow(
      /not a repository that templates may write to/,
    );
    await expect(run(aRedis(), { root: '../x' })).rejects.toThrow(
      /lattice\.git\.root must be a folder inside/,
    );
  });

  it('names every error at once', async () => {
    await expect(
      run(aRedis({ version: 'latest', repository: 'http://x/y' })),
    ).rejects.toThrow(/oci:\/\/ or https:\/\/[\s\S]*one exact version/);
  });

  it.each(examples)('runs its example: $description', async ({ example }) => {
    const [{ input }] = parse(example).steps;
    const output = await run(input);
    expect(output.files).toHaveLength(2);
  });
});
