import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePart } from './ensureParts';

/** A `go` that notes each call and writes the binary it was asked for. */
const FAKE_GO = `#!/bin/sh
echo build >> "$CALLS"
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then printf '#!/bin/sh\\n' > "$2"; fi
  shift
done
`;

describe('ensurePart', () => {
  let dir: string;
  let env: NodeJS.ProcessEnv;
  let toolsDir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-parts-'));
    toolsDir = join(dir, 'tools');
    await mkdir(join(toolsDir, 'etcd'), { recursive: true });
    await mkdir(join(dir, 'bin'));
    await writeFile(
      join(toolsDir, 'etcd/go.mod'),
      'module x\nrequire go.etcd.io/etcd/server/v3 v3.7.3\n',
    );
    await writeFile(join(toolsDir, 'etcd/go.sum'), '');
    await writeFile(join(dir, 'bin/go'), FAKE_GO);
    await chmod(join(dir, 'bin/go'), 0o755);
    env = {
      PATH: `${dir}/bin:/bin:/usr/bin`,
      LATTICE_CACHE: join(dir, 'cache'),
      CALLS: join(dir, 'calls'),
    };
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const builds = async () =>
    (await readFile(join(dir, 'calls'), 'utf8')).trim().split('\n').length;

  it('builds a part once and takes it from the cache ever after', async () => {
    const built = await ensurePart('etcd', { env, toolsDir });
    const cached = await ensurePart('etcd', { env, toolsDir });
    expect(built.origin).toBe('built');
    expect(cached).toEqual({ ...built, origin: 'cache' });
    expect(await builds()).toBe(1);
  });

  it('builds once when two ask at the same time', async () => {
    await Promise.all(
      [1, 2, 3].map(() => ensurePart('etcd', { env, toolsDir })),
    );
    expect(await builds()).toBe(1);
  });

  it('builds again when a dependency has changed', async () => {
    await ensurePart('etcd', { env, toolsDir });
    await writeFile(join(toolsDir, 'etcd/go.sum'), 'changed');
    expect((await ensurePart('etcd', { env, toolsDir })).origin).toBe('built');
    expect(await builds()).toBe(2);
  });

  it('builds a program of ours and its tests again when either has changed', async () => {
    const source = join(dir, 'judges/cilium');
    await mkdir(source, { recursive: true });
    await writeFile(
      join(source, 'go.mod'),
      'module x\nrequire github.com/cilium/cilium v1.20.2\n',
    );
    await writeFile(join(source, 'go.sum'), '');
    const change = (file: string) =>
      writeFile(join(source, file), `package main // ${file}`);
    const origin = async () =>
      (await ensurePart('cilium-judge', { env, toolsDir })).origin;

    await change('main.go');
    expect([await origin(), await origin()]).toEqual(['built', 'cache']);
    await change('main_test.go');
    expect([await origin(), await origin()]).toEqual(['built', 'cache']);
    await change('another.go');
    expect([await origin(), await origin()]).toEqual(['built', 'cache']);
    expect(await builds()).toBe(6);
  });

  it('leaves nothing half-built behind when the build fails, and says why', async () => {
    await writeFile(
      join(dir, 'bin/go'),
      '#!/bin/sh\necho "no such module" >&2\nexit 1\n',
    );
    await expect(ensurePart('etcd', { env, toolsDir })).rejects.toThrow(
      /no such module/,
    );
    await writeFile(join(dir, 'bin/go'), FAKE_GO);
    expect((await ensurePart('etcd', { env, toolsDir })).origin).toBe('built');
  });

  it('names the missing compiler and how to get it', async () => {
    const bare = { ...env, PATH: '/nowhere' };
    await expect(ensurePart('etcd', { env: bare, toolsDir })).rejects.toThrow(
      /'go' is needed to build etcd.*install Go/,
    );
  });
});
