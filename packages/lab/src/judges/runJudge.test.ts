import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJudge } from './runJudge';

describe('runJudge', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-judge-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const judge = async (
    script: string,
    lines: string[],
    signal?: AbortSignal,
  ) => {
    const program = join(dir, 'judge');
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    return runJudge({
      program,
      lines,
      count: lines.length,
      signal: signal ?? new AbortController().signal,
    });
  };

  it('reads one answer for each line', async () => {
    await expect(
      judge('while read -r line; do echo "$line"; done', [
        '{"verdicts":"1"}',
        '{"verdicts":"2"}',
      ]),
    ).resolves.toEqual([{ verdicts: '1' }, { verdicts: '2' }]);
  });

  it('rejects with what the judge said when it fails, however much was still to be asked', async () => {
    const many = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
    await expect(
      judge('echo "case 1: broken" >&2; exit 1', many),
    ).rejects.toThrow(
      'judge answered 0 of 50 cases and ended with 1: case 1: broken',
    );
  });

  it('rejects when an answer is missing although the judge ended well', async () => {
    await expect(
      judge('cat > /dev/null; echo {}', ['{}', '{}']),
    ).rejects.toThrow('answered 1 of 2 cases');
  });

  it('rejects when the program is not there', async () => {
    await expect(
      runJudge({
        program: join(dir, 'none'),
        lines: [],
        count: 0,
        signal: new AbortController().signal,
      }),
    ).rejects.toThrow(/ENOENT/);
  });

  it('ends the judge when it is told to', async () => {
    const stop = new AbortController();
    const running = judge('exec sleep 60', ['{}'], stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(running).rejects.toThrow(/abort/i);
  });
});
