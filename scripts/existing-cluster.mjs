/**
 * `make install-crds` and `make demo`: the only two commands that write to a cluster that the lab did not start.
 * They need LATTICE_LAB=off and LATTICE_KUBE_CONTEXT, say what they would touch, and ask.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ROOT } from './stages.mjs';

const FOLDERS = {
  crds: { folder: 'deploy/crds', what: 'the CustomResourceDefinitions' },
  demo: { folder: 'examples/manifests', what: 'the demo objects' },
};

function fail(message, code = 2) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function kubectl(args, options = {}) {
  try {
    return execFileSync('kubectl', args, { encoding: 'utf8', ...options });
  } catch (error) {
    if (error.code === 'ENOENT') {
      return fail(
        'kubectl is not on the PATH: install it (https://kubernetes.io/docs/tasks/tools/) and try again.',
      );
    }
    return fail(
      `kubectl ${args[0]} failed: ${error.message.split('\n')[0]}`,
      1,
    );
  }
}

const choice = FOLDERS[process.argv[2]];
if (!choice) {
  fail('Usage: existing-cluster.mjs crds|demo');
}
const context = process.env.LATTICE_KUBE_CONTEXT;
if (process.env.LATTICE_LAB !== 'off' || !context) {
  fail(
    'This writes to an existing cluster. Set LATTICE_LAB=off and LATTICE_KUBE_CONTEXT=<name of a context> to mean it.',
  );
}
const server = kubectl([
  '--context',
  context,
  'config',
  'view',
  '--minify',
  '--output',
  'jsonpath={.clusters[0].cluster.server}',
]).trim();
process.stdout.write(
  `Context: ${context}\nServer:  ${server}\nWould apply ${choice.what} from ${choice.folder}.\n`,
);
const terminal = createInterface({
  input: process.stdin,
  output: process.stdout,
});
const answer = await terminal.question(
  'Type the name of the context to go on: ',
);
terminal.close();
if (answer.trim() !== context) {
  fail('Nothing was applied.', 1);
}
kubectl(
  [
    '--context',
    context,
    'apply',
    '--server-side',
    '--filename',
    path.join(ROOT, choice.folder),
  ],
  { stdio: 'inherit' },
);
