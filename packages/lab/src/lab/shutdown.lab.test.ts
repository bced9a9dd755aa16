import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPackageDir } from '../parts/paths';
import { nodeArguments } from '../processes/nodeArguments';
import { waitUntil } from '../processes/waitUntil';
import { processesOf } from './processesOf';

jest.setTimeout(240_000);

/** The lab as a person runs it: a foreground command. */
async function aForegroundLab(
  dir: string,
  parts: string[],
): Promise<{ lab: ChildProcess; output: () => string }> {
  const lab = spawn(
    process.execPath,
    [...nodeArguments(), join(labPackageDir(), 'src/cli.ts'), ...parts],
    {
      env: { ...process.env, NODE_OPTIONS: '', LATTICE_HOME: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const keep = (chunk: Buffer) => {
    output += String(chunk);
  };
  lab.stdout?.on('data', keep);
  lab.stderr?.on('data', keep);
  const ended = new Promise<void>((_resolve, reject) => {
    lab.on('exit', () => reject(new Error(output)));
  });
  ended.catch(() => {});
  const ready = waitUntil(async () => /^Lab is ready/m.test(output), {
    what: 'the lab',
    timeoutMs: 120_000,
  });
  ready.catch(() => {});
  await Promise.race([ready, ended]);
  return { lab, output: () => output };
}

describe('the lab in the foreground', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-shutdown-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const nothingRuns = () =>
    waitUntil(async () => (await processesOf(dir)).length === 0, {
      what: 'all processes to end',
      timeoutMs: 20_000,
    });

  it.each<[string, NodeJS.Signals, string[]]>([
    ['Ctrl-C', 'SIGINT', ['registry']],
    ['SIGTERM', 'SIGTERM', ['registry']],
  ])(
    'stops everything on %s and exits with 0',
    async (_what, signal, parts) => {
      const { lab } = await aForegroundLab(dir, parts);
      expect((await processesOf(dir)).length).toBeGreaterThanOrEqual(2);
      const ended = new Promise(resolve => lab.on('exit', resolve));
      lab.kill(signal);
      expect(await ended).toBe(0);
      await nothingRuns();
    },
  );

  it('leaves no orphan when it is killed without a chance to clean up', async () => {
    const { lab } = await aForegroundLab(dir, ['cluster', 'registry']);
    expect((await processesOf(dir)).length).toBeGreaterThanOrEqual(7);
    lab.kill('SIGKILL');
    await nothingRuns();
  });

  it('leaves no orphan when its supervisor is killed, and says what happened', async () => {
    const { lab, output } = await aForegroundLab(dir, ['registry']);
    const supervisor = (await processesOf(dir)).find(line =>
      line.includes('supervisorMain'),
    );
    const ended = new Promise(resolve => lab.on('exit', resolve));
    process.kill(Number.parseInt(supervisor ?? '', 10), 'SIGKILL');
    expect(await ended).toBe(1);
    expect(output()).toContain('supervisor process has ended');
    await nothingRuns();
  });

  it('ends with the reason when a part dies', async () => {
    const { lab, output } = await aForegroundLab(dir, ['registry']);
    const registry = (await processesOf(dir)).find(line =>
      line.includes('/bin/registry'),
    );
    const ended = new Promise(resolve => lab.on('exit', resolve));
    process.kill(Number.parseInt(registry ?? '', 10), 'SIGKILL');
    expect(await ended).toBe(1);
    expect(output()).toMatch(/Failed: registry ended by SIGKILL/);
    await nothingRuns();
  });

  it('refuses a folder in which a lab runs already', async () => {
    const { lab } = await aForegroundLab(dir, ['registry']);
    await expect(aForegroundLab(dir, ['registry'])).rejects.toThrow(
      /runs in .* already/,
    );
    await access(join(dir, 'lab', 'registry'));
    lab.kill('SIGTERM');
    await nothingRuns();
  });
});
