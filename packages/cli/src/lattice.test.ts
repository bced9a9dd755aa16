import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CHECKOUT, MEMBER } from './__testUtils__/manifests';

/* The real command, as a child process. */

const BIN = resolve(__dirname, '../bin/lattice');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lattice-cli-'));
  writeFileSync(join(folder, 'm.yaml'), MEMBER);
  writeFileSync(join(folder, 's.yaml'), CHECKOUT);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function shell(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      LATTICE: `${process.execPath} ${BIN}`,
      ...env,
    },
  });
  return { status, stdout, stderr };
}

describe('the lattice command', () => {
  it('ends with the status of what it found, and writes no colours into a pipe', () => {
    writeFileSync(join(folder, 'm.yaml'), MEMBER.replace('6379', '70000'));
    const { status, stdout } = shell('$LATTICE validate .');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^m\.yaml:11:7: error /);
  });

  it('writes colours where the environment forces them', () => {
    writeFileSync(join(folder, 'm.yaml'), MEMBER.replace('6379', '70000'));
    const { stdout } = shell('$LATTICE validate .', { FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001b[31merror');
  });

  it('reads from a pipe what it has printed into one', () => {
    const { status, stdout, stderr } = shell(
      'cat m.yaml | $LATTICE compile - s.yaml | $LATTICE compile - m.yaml | head -2',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('---\napiVersion: security.istio.io/v1\n');
  });

  it('ends quietly when its reader has seen enough', () => {
    const { stderr } = shell(
      'for n in 1 2 3 4 5; do cat m.yaml | sed "s/redis/redis-$n/" > $n.yaml; done; $LATTICE compile . | head -1',
    );
    expect(stderr).toBe('');
  });

  it('says with status 2 what cannot work', () => {
    expect(shell('$LATTICE validate nope')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'lattice: nope: there is no such file or folder\n',
    });
  });
});
