import { runProcess, ProcessStartError } from './runProcess';

const base = {
  file: process.execPath,
  env: {},
  timeoutMs: 20_000,
  maxOutputBytes: 1_000,
};

describe('runProcess', () => {
  it('passes stdin, exit code and both outputs, and inherits no environment', async () => {
    const result = await runProcess({
      ...base,
      args: [
        '-e',
        'process.stdin.pipe(process.stdout); process.stderr.write(Object.keys(process.env).join()); process.exitCode = 3',
      ],
      env: { ONLY: '1' },
      stdin: 'hello',
    });
    expect(result).toMatchObject({
      exitCode: 3,
      stdout: 'hello',
      stderr: 'ONLY',
      timedOut: false,
      aborted: false,
    });
  });

  it('caps the output', async () => {
    const result = await runProcess({
      ...base,
      args: ['-e', 'process.stdout.write("x".repeat(5000))'],
    });
    expect(result.stdout).toHaveLength(1_000);
    expect(result.truncated).toBe(true);
  });

  it('ends grandchildren with the group when called off', async () => {
    const controller = new AbortController();
    const running = runProcess({
      file: '/bin/sh',
      args: ['-c', 'sleep 60 & sleep 60'],
      env: { PATH: '/usr/bin:/bin' },
      timeoutMs: 20_000,
      maxOutputBytes: 100,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 50);
    const result = await running;
    expect(result.aborted).toBe(true);
    expect(result.exitCode).toBeUndefined();
  });

  it('does not wait for a grandchild that outlives its parent', async () => {
    const result = await runProcess({
      file: '/bin/sh',
      args: ['-c', 'sleep 60 & exit 0'],
      env: { PATH: '/usr/bin:/bin' },
      timeoutMs: 20_000,
      maxOutputBytes: 100,
    });
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
  });

  it('kills what takes too long', async () => {
    const result = await runProcess({
      ...base,
      args: ['-e', 'setTimeout(() => {}, 60000)'],
      timeoutMs: 100,
    });
    expect(result.timedOut).toBe(true);
  });

  it('says when the program cannot be started', async () => {
    await expect(
      runProcess({ ...base, file: '/nonexistent/helm', args: [] }),
    ).rejects.toThrow(ProcessStartError);
  });
});
