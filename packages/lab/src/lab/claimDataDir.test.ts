import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDataDir } from './claimDataDir';

/** Above the largest process id of any system, so nobody has it. */
const NOBODY = '99999999';

describe('claimDataDir', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-claim-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('lets one lab in at a time', async () => {
    const release = await claimDataDir(dir);
    await expect(claimDataDir(dir)).rejects.toThrow(
      /runs in .* already .*LATTICE_HOME/,
    );
    await release();
    await (
      await claimDataDir(dir)
    )();
  });

  it('takes over what a killed lab left', async () => {
    await writeFile(join(dir, 'lab.pid'), NOBODY);
    await (
      await claimDataDir(dir)
    )();
  });
});
