import { parseArgs } from 'node:util';
import { readAccess } from '../cluster/kubeconfig.ts';
import { KubernetesClient } from '../cluster/KubernetesClient.ts';
import { logLine, runUntilStopped } from '../processes/runUntilStopped.ts';
import { SecretBackend } from './SecretBackend.ts';
import { StandIn } from './StandIn.ts';

const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string', default: '' },
    store: { type: 'string', default: '' },
    'ready-file': { type: 'string', default: '' },
  },
});

runUntilStopped(values['ready-file'], async (signal, onReady) => {
  const client = new KubernetesClient(await readAccess(values.kubeconfig));
  const standIn = new StandIn(client, new SecretBackend(values.store), logLine);
  await standIn.run(signal, onReady);
});
