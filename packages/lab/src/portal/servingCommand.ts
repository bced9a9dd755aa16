import { createRequire } from 'node:module';
import { join } from 'node:path';

/** How the portal's process is run. */
export interface ServingCommand {
  readonly args: string[];
  readonly cwd: string;
}

/**
 * The command line for node that serves the portal: the backend with the built app inside, or, when `isHot`, app and
 * backend each on its own port, both reloaded when their sources change.
 */
export function servingCommand(options: {
  /** Root of the checkout. */
  readonly root: string;
  readonly isHot: boolean;
  readonly configFiles: readonly string[];
}): ServingCommand {
  const { root, isHot, configFiles } = options;
  const { resolve } = createRequire(join(root, 'package.json'));
  const configs = configFiles.flatMap(file => ['--config', file]);
  if (isHot) {
    const cli = resolve('@backstage/cli/bin/backstage-cli');
    return { args: [cli, 'repo', 'start', ...configs], cwd: root };
  }
  return {
    args: [
      '--require',
      resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(root, 'packages/backend/src/index.ts'),
      ...configs,
    ],
    cwd: join(root, 'packages/backend'),
  };
}
