import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Log } from '../parts/types.ts';
import { runProgram } from '../processes/runProgram.ts';
import { inspectAppBuild, stampAppBuild } from './appBuild.ts';

const BUILD_TIMEOUT_MS = 900_000;

/** Builds `packages/app` unless the build that is there is of the same inputs. */
export async function buildApp(root: string, log: Log): Promise<void> {
  const { isStale, digest } = await inspectAppBuild(root);
  if (!isStale) {
    log('app: built already');
    return;
  }
  log('app: building (once, until its sources change)');
  const startedAtMs = Date.now();
  const cli = createRequire(join(root, 'package.json')).resolve(
    '@backstage/cli/bin/backstage-cli',
  );
  await runProgram(process.execPath, [cli, 'package', 'build'], {
    extraEnv: { CI: 'true', NODE_ENV: 'production' },
    timeoutMs: BUILD_TIMEOUT_MS,
    cwd: join(root, 'packages/app'),
  });
  await stampAppBuild(root, digest);
  log(`app: built after ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
}
