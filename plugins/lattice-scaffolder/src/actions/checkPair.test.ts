import { ConfigReader } from '@backstage/config';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RenderedWorkload } from '../chart/proposeMember';
import { createCheckPairAction } from './checkPair';
import { examples } from './checkPair.examples';

const FOLDER = 'clusters/lab/data/redis';

const PACKAGE = `apiVersion: lattice.dev/v1alpha1
kind: LatticePackage
metadata: { name: redis, namespace: data }
spec:
  chart: { repo: oci://registry.example.com/charts, name: redis, version: 18.4.0 }
`;

function aMember(lines: string = '') {
  return `apiVersion: lattice.dev/v1alpha1
kind: LatticeMeshMember
metadata: { name: redis, namespace: data }
spec:
  target: { selector: { app: redis } }
  ports: [{ port: 6379, name: redis }]
${lines}`;
}

function aWorkload(changes: Partial<RenderedWorkload> = {}) {
  return {
    kind: 'StatefulSet',
    name: 'redis',
    labels: { app: 'redis' } as Record<string, string>,
    ports: [{ port: 6379, name: 'redis' }],
    serviceAccount: 'redis',
    ...changes,
  };
}

describe('lattice:pair:check', () => {
  let workspacePath: string;
  beforeEach(async () => {
    workspacePath = await mkdtemp(join(tmpdir(), 'lattice-check-'));
    await mkdir(join(workspacePath, FOLDER), { recursive: true });
  });
  afterEach(() => rm(workspacePath, { recursive: true }));

  async function run(input: object = {}, files: Record<string, string> = {}) {
    const all = {
      'package.yaml': PACKAGE,
      'mesh-member.yaml': aMember(),
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      await writeFile(join(workspacePath, FOLDER, name), text);
    }
    const action = createCheckPairAction({
      config: new ConfigReader({
        lattice: {
          charts: {
            allowedRepositories: ['oci://registry.example.com/charts'],
          },
        },
      }),
    });
    const ctx = {
      ...createMockActionContext({ workspacePath }),
      input: { path: FOLDER, ...input },
    };
    await action.handler(ctx);
    return Object.fromEntries((ctx.output as jest.Mock).mock.calls);
  }

  it('finds nothing wrong with a pair that fits its chart', async () => {
    const output = await run({ workloads: [aWorkload()] });
    expect(output.findings).toEqual([]);
    expect(output.summary).toContain('Compared with the pods');
  });

  it.each([
    [
      'labels that no pod has',
      [aWorkload({ labels: { app: 'cache' } })],
      '',
      /selects none of the chart/,
    ],
    [
      'a port that no container opens',
      [aWorkload({ ports: [{ port: 6380 }] })],
      '',
      /6379 is not among the container ports .*\(6380\)/,
    ],
    [
      'a port that stays closed',
      [aWorkload({ ports: [{ port: 6379 }, { port: 9121 }] })],
      '',
      /also opens 9121/,
    ],
    [
      'another account, when it calls others',
      [aWorkload({ serviceAccount: 'default' })],
      '  dependencies: [{ name: db }]\n',
      /run as default, not as redis/,
    ],
    ['a chart without pods', [], '', /no pods that stay/],
  ])('warns of %s', async (_name, workloads, lines, message) => {
    const output = await run(
      { workloads },
      { 'mesh-member.yaml': aMember(lines) },
    );
    expect(output.findings).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringMatching(message),
      }),
    );
    expect(output.summary).toMatch(message);
  });

  it('does not mind the account of software that calls nobody', async () => {
    const output = await run({
      workloads: [aWorkload({ serviceAccount: 'default' })],
    });
    expect(output.findings).toEqual([]);
  });

  it('says why it was not compared, and lets nothing of that reason become Markdown', async () => {
    const { summary } = await run({
      problem: 'no answer\n# from <b>it</b>',
      workloads: [],
    });
    expect(summary).toContain(
      '**Not compared with the chart.** no answer \\# from \\<b\\>it',
    );
  });

  it('names what needs a permit', async () => {
    const { summary } = await run({
      workloads: [aWorkload()],
      permitsNeeded: ['ClusterRole/redis'],
    });
    expect(summary).toContain('**Needs a permit** `ClusterRole/redis`');
  });

  it.each([
    [
      'a placeholder',
      { 'package.yaml': PACKAGE.replace('18.4.0', 'PLACEHOLDER') },
      /package\.yaml, line 5: holds a placeholder/,
    ],
    [
      'an unrendered expression',
      { 'mesh-member.yaml': `# ${'${{'} parameters.x }}\n${aMember()}` },
      /mesh-member\.yaml, line 1/,
    ],
    [
      'a rule that is broken',
      { 'package.yaml': PACKAGE.replace('18.4.0', '"*"') },
      /one exact version/,
    ],
    [
      'a typed secret',
      { 'package.yaml': `${PACKAGE}  values: { password: hunter2 }\n` },
      /looks like a secret/,
    ],
  ])('fails on %s', async (_name, files, message) => {
    const error: Error = await run({}, files).catch(failure => failure);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('hunter2');
  });

  it('says which file is missing', async () => {
    await expect(run({ path: 'elsewhere' })).rejects.toThrow(
      'There is no package.yaml in elsewhere',
    );
  });

  it('does not read outside the workspace', async () => {
    await expect(run({ path: '../../../etc' })).rejects.toThrow(
      /Relative path is not allowed/,
    );
  });

  it.each(examples)('runs its example: $description', async ({ example }) => {
    const [{ input }] = parse(example).steps;
    expect((await run(input)).findings).toEqual([]);
  });
});
