import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ExistingCluster } from './overlay.ts';

/**
 * Which existing cluster is to be shown; undefined = the lab. One is touched only when `LATTICE_LAB=off` and
 * `LATTICE_KUBE_CONTEXT` are both set: a `KUBECONFIG` alone is ignored, since people have one that points at production.
 */
export function chooseExistingCluster(
  env: NodeJS.ProcessEnv,
): ExistingCluster | undefined {
  if (env.LATTICE_LAB !== 'off') {
    return undefined;
  }
  const context = env.LATTICE_KUBE_CONTEXT;
  if (!context) {
    throw new Error(
      'LATTICE_LAB=off needs LATTICE_KUBE_CONTEXT=<name of a context>; leave both out to use the lab',
    );
  }
  const kubeconfig = env.KUBECONFIG || join(homedir(), '.kube', 'config');
  return { context, kubeconfig };
}
