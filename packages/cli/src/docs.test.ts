import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_PROFILE } from '@lattice-portal/backstage-plugin-lattice-common';
import { useFolder } from './__testUtils__/folder';
import { FILE_RULES } from './findings/fileRules';
import { readProfile } from './settings/readProfile';

/* What is written about the command, held against the command. */

const ROOT = resolve(__dirname, '../../..');
const folder = useFolder();

function read(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8');
}

const COMMANDS = read('docs/reference/commands.md');
const HOW_TO = read('docs/how-to/check-in-git.md');
const WORKFLOWS = ['github.yml', 'gitlab.yml', 'gitea.yml'];

/** Every call of the command in a text, its words apart. */
function callsIn(text: string): string[][] {
  const calls = [...text.matchAll(/@lattice-portal\/cli@[\d.]+ ([^>\n]*)/g)];
  return calls.map(([, words]) => words.trim().split(/\s+/));
}

/** Strings anywhere in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  return typeof value === 'string' ? [value] : [];
}

/** A repository as the how-to has it: declarations in `manifests`, the rules beside them. */
function layOutRepository(): void {
  mkdirSync(resolve(folder.path, 'manifests'));
  for (const name of [
    '30-redis-package',
    '40-redis-member',
    '50-checkout',
    '51-inventory',
  ]) {
    folder.write({
      [`manifests/${name}.yaml`]: read(`examples/manifests/${name}.yaml`),
    });
  }
  folder.write({ 'lattice.yaml': read('examples/ci/lattice.yaml') });
}

describe('the reference of commands', () => {
  it.each([[[]], [['validate']], [['compile']], [['explain']]])(
    'shows the help of %j as it is',
    async parameters => {
      const { stdout } = await folder.lattice(...parameters, '--help');
      expect(COMMANDS).toContain(`\`\`\`text\n${stdout.trimEnd()}\n\`\`\``);
    },
  );

  it('has a heading for each rule that links to it', () => {
    FILE_RULES.forEach(rule => expect(COMMANDS).toContain(`\n#### ${rule}\n`));
  });

  it('shows the stock profile as what a profile leaves out', () => {
    const [, example] = /```yaml\n(trustDomain[^]*?)```/.exec(COMMANDS) ?? [];
    folder.write({ 'profile.yaml': example });
    const { apiServerEntities, ...stated } = readProfile('profile.yaml');
    expect(stated).toEqual(DEFAULT_PROFILE);
    expect(apiServerEntities).toEqual([
      'host',
      'kube-apiserver',
      'remote-node',
    ]);
  });

  it('names every target of make, and no other', () => {
    const named = [...COMMANDS.matchAll(/`make ([a-z-]+)`/g)].map(
      ([, name]) => name,
    );
    const targets = [...read('Makefile').matchAll(/^([a-z-]+):.*## /gm)].map(
      ([, name]) => name,
    );
    expect(named.sort()).toEqual(targets.sort());
  });
});

describe('the workflows for forges', () => {
  it.each(WORKFLOWS)('%s stands in the how-to as it is', name => {
    expect(HOW_TO).toContain(
      `\`\`\`yaml\n${read(`examples/ci/${name}`).trimEnd()}\n\`\`\``,
    );
  });

  it.each(WORKFLOWS)('%s calls what exists, and it passes', async name => {
    layOutRepository();
    const workflow: unknown = parse(read(`examples/ci/${name}`));
    const calls = callsIn(textsIn(workflow).join('\n'));
    expect(calls.map(([command]) => command)).toEqual(['validate', 'compile']);
    for (const words of calls) {
      expect(await folder.lattice(...words)).toMatchObject({ status: 0 });
    }
  });

  it.each(WORKFLOWS)('%s fails on a declaration that is wrong', async name => {
    layOutRepository();
    folder.write({
      'manifests/p.yaml': read('examples/manifests/30-redis-package.yaml')
        .replace('name: redis', 'name: other')
        .replace('18.4.0', 'latest'),
    });
    const [validate] = callsIn(read(`examples/ci/${name}`));
    expect(await folder.lattice(...validate)).toMatchObject({ status: 1 });
  });

  it('pins the version that this is', () => {
    const { version } = JSON.parse(read('packages/cli/package.json')) as {
      version: string;
    };
    const pinned = [HOW_TO, ...WORKFLOWS.map(one => read(`examples/ci/${one}`))]
      .flatMap(text => [...text.matchAll(/@lattice-portal\/cli@([\d.]+)/g)])
      .map(([, one]) => one);
    expect(new Set(pinned)).toEqual(new Set([version]));
  });

  it('shows further calls in the how-to that work', async () => {
    layOutRepository();
    const words = callsIn(HOW_TO).filter(([command]) => command === 'explain');
    expect(words).toHaveLength(1);
    expect(await folder.lattice(...words[0])).toMatchObject({ status: 0 });
  });
});
