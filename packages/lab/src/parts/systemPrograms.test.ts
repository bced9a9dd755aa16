import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptsVersion, findSystemPrograms } from './systemPrograms';
import type { Part } from './types';

const system = {
  versionArguments: ['--version'],
  from: [3, 5],
  before: [4, 0],
} as const;
const check = { ...system, versionArguments: [...system.versionArguments] };
const part: Part = {
  name: 'etcd',
  tool: 'etcd',
  programs: [{ name: 'etcd', package: 'x' }],
  system: check,
};

describe('acceptsVersion', () => {
  it.each([
    ['etcd Version: 3.5.0', true],
    ['v3.7.3', true],
    ['3.4.99', false],
    ['4.0.0', false],
    ['no version at all', false],
  ])('%s: %s', (printed, expected) => {
    expect(acceptsVersion(check, printed)).toBe(expected);
  });
});

describe('findSystemPrograms', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-system-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const place = async (name: string, version: string) => {
    await writeFile(
      join(dir, name),
      `#!/bin/sh\necho "${name} Version: ${version}"\n`,
    );
    await chmod(join(dir, name), 0o755);
  };

  it('takes a program with an accepted version', async () => {
    await place('etcd', '3.6.1');
    const env = { PATH: '/nowhere', KUBEBUILDER_ASSETS: dir };
    expect(await findSystemPrograms(part, env)).toEqual({
      etcd: join(dir, 'etcd'),
    });
  });

  it('takes none when one of the part has another version, so that a part never mixes', async () => {
    await place('etcd', '3.6.1');
    await place('etcdctl', '3.1.0');
    const both = {
      ...part,
      programs: [...part.programs, { name: 'etcdctl', package: 'y' }],
    };
    expect(await findSystemPrograms(both, { PATH: dir })).toBeUndefined();
  });
});
