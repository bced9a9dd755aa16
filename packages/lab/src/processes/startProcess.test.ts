import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../certificates/CertificateAuthority';
import { processesOf } from '../lab/processesOf';
import type { LabContext } from '../lab/types';
import { PartQueue } from '../parts/PartQueue';
import { startProcess } from './startProcess';
import { Supervisor } from './Supervisor';
import { waitUntil } from './waitUntil';

jest.setTimeout(30_000);

describe('startProcess', () => {
  let dir: string;
  let context: LabContext;
  const ends: string[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-process-'));
    context = {
      id: 'test',
      dir,
      env: process.env,
      log: () => {},
      supervisor: new Supervisor(process.env, dir),
      authority: await CertificateAuthority.create('test'),
      parts: new PartQueue(async name => ({
        name,
        programs: {},
        origin: 'cache',
      })),
      onUnexpectedExit: (name, reason) => ends.push(`${name} ${reason}`),
    };
  });
  afterAll(async () => {
    await context.supervisor.close();
    await rm(dir, { recursive: true, force: true });
  });

  const shell = (
    name: string,
    script: string,
    isReady: () => Promise<boolean>,
  ) =>
    startProcess(context, {
      name,
      program: '/bin/sh',
      args: ['-c', script],
      isReady,
      timeoutMs: 10_000,
    });

  it('fails at once with the last words of a process that ends before it is ready', async () => {
    await expect(
      shell('short', 'echo the port is taken; exit 3', async () => false),
    ).rejects.toThrow(/short exited with status 3[^]*the port is taken/);
  });

  it('fails for a program that is not there', async () => {
    await expect(
      startProcess(context, {
        name: 'absent',
        program: '/no/such/program',
        args: [],
        isReady: async () => true,
      }),
    ).rejects.toThrow(/absent did not start: .*ENOENT/);
  });

  it('tells of an end after it was ready', async () => {
    await shell('brief', 'sleep 0.3; exit 7', async () => true);
    await new Promise(resolve => {
      setTimeout(resolve, 1_500);
    });
    expect(ends).toContain('brief exited with status 7');
  });

  it('ends what a process has started together with it', async () => {
    // The second one names the lab's folder, by which its processes are found.
    const script = `tail -f ${join(dir, 'logs/family.log')} & sleep 300`;
    await shell('family', script, async () => true);
    const tails = async () =>
      (await processesOf(dir)).filter(line => /\d+ tail /.test(line));
    await waitUntil(async () => (await tails()).length === 1, {
      what: 'the child',
      timeoutMs: 5_000,
    });
    await context.supervisor.stop('family', 2_000);
    await waitUntil(async () => (await tails()).length === 0, {
      what: 'its end',
      timeoutMs: 5_000,
    });
  });
});
