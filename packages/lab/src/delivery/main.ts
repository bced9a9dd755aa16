import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readAccess } from '../cluster/kubeconfig.ts';
import { KubernetesClient } from '../cluster/KubernetesClient.ts';
import { ForgeClient } from '../forge/ForgeClient.ts';
import { logLine, runUntilStopped } from '../processes/runUntilStopped.ts';
import { DeliveryStandIn } from './DeliveryStandIn.ts';
import type { DeliveryConfig } from './startDelivery.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: '' },
    'ready-file': { type: 'string', default: '' },
  },
});

runUntilStopped(values['ready-file'], async (signal, onReady) => {
  const config = JSON.parse(
    await readFile(values.config, 'utf8'),
  ) as DeliveryConfig;
  const standIn = new DeliveryStandIn({
    client: new KubernetesClient(await readAccess(config.kubeconfig)),
    forge: new ForgeClient(config.forge.url, config.forge.token),
    repository: config.forge.repository,
    clusterName: config.clusterName,
    log: logLine,
  });
  await standIn.run(signal, onReady);
});
