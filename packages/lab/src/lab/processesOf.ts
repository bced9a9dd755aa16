import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Command lines of all processes that name a folder: those of a lab that lives there. For tests. */
export async function processesOf(dir: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,args='], {
    maxBuffer: 16_000_000,
  });
  return stdout
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.includes(`${dir}/`) && !/^\d+ ps /.test(line));
}
