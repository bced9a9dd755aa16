import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane/startControlPlane.ts';
import type { ForgeInfo, LabContext } from '../lab/types.ts';
import { startNodeProcess } from '../processes/startNodeProcess.ts';

/** What the delivery process reads at its start; a file and not arguments, because of the token. */
export type DeliveryConfig = {
  forge: ForgeInfo;
  kubeconfig: string;
  clusterName: string;
};

/** Starts the stand-in for Flux or Argo CD. */
export async function startDelivery(
  context: LabContext,
  options: {
    controlPlane: ControlPlane;
    forge: ForgeInfo;
    clusterName: string;
  },
): Promise<void> {
  const { controlPlane, forge, clusterName } = options;
  const dir = join(context.dir, 'delivery');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const config: DeliveryConfig = {
    forge,
    clusterName,
    kubeconfig: await controlPlane.writeKubeconfig('delivery', {
      commonName: 'lattice-lab-delivery',
      organization: 'system:masters',
    }),
  };
  const configFile = join(dir, 'config.json');
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  const readyFile = join(context.dir, 'delivery-stand-in.ready');
  await startNodeProcess(context, {
    name: 'delivery-stand-in',
    main: 'delivery/main.ts',
    args: ['--config', configFile, '--ready-file', readyFile],
    readyFile,
  });
}
