import { JUDGE_PARTS } from '../parts/catalogue';
import { ensurePart } from '../parts/ensureParts';
import { runProgram } from '../processes/runProgram';

/** Without a cached build the judges are built first. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

/** What is ours in a judge, above all the restated rule of ztunnel, is tested beside it, in Go. */
describe('own tests of the judges', () => {
  it.each(JUDGE_PARTS)(
    '%s',
    async name => {
      const { programs } = await ensurePart(name);
      const { stdout } = await runProgram(programs[`${name}-tests`], [
        '-test.v',
      ]);
      expect(stdout).toMatch(/^--- PASS: /m);
      expect(stdout).not.toMatch(/^\s*--- (FAIL|SKIP): /m);
    },
    BUILD_TIMEOUT_MS,
  );
});
