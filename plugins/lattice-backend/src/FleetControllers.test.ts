import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { aCluster, someClusters } from './api/testing/aCluster';
import { readLatticeConfig } from './config';
import { Controller } from './controllers/createController';
import { ControllerFactories, FleetControllers } from './FleetControllers';
import { noMetrics } from './metrics';
import { PackageTools } from './packageTools';

const CLUSTERS = [
  { name: 'lab', kubeconfig: '/k', mode: 'reconcile', latticeServices: 'own' },
  { name: 'watched', kubeconfig: '/k', mode: 'observe' },
];

function set(lattice: JsonObject, tools?: () => Promise<PackageTools>) {
  const events: string[] = [];
  const controller = (name: string): Controller => ({
    start: () => events.push(`start ${name}`),
    stop: async () => {
      events.push(`stop ${name}`);
    },
    enqueue: () => undefined,
    resync: () => undefined,
    depth: 0,
  });
  const factories: ControllerFactories = {
    createMeshController: ({ connection, latticeServices }) =>
      controller(`mesh ${connection.name} ${latticeServices}`),
    createPackageController: ({ connection }) =>
      controller(`package ${connection.name}`),
    openPackageTools:
      tools ??
      (async () =>
        ({
          close: async () => {
            events.push('close tools');
          },
        } as PackageTools)),
  };
  const logger = mockServices.logger.mock();
  const controllers = new FleetControllers({
    clusters: someClusters([
      aCluster({ name: 'lab' }),
      aCluster({ name: 'watched', mode: 'observe' }),
    ]),
    config: readLatticeConfig(new ConfigReader({ lattice })),
    logger,
    metrics: noMetrics,
    factories,
  });
  return { controllers, events, logger };
}

describe('the controllers of the fleet', () => {
  it('run only on clusters that are to be reconciled, and stop before their tools', async () => {
    const { controllers, events } = set({ clusters: CLUSTERS });
    await controllers.start();
    expect(events).toEqual(['start mesh lab own', 'start package lab']);
    events.length = 0;
    await controllers.stop();
    expect(events).toEqual([
      'stop mesh lab own',
      'stop package lab',
      'close tools',
    ]);
  });

  it('do not run in a process that only shows', async () => {
    const { controllers, events } = set({
      clusters: CLUSTERS,
      controllers: { enabled: false },
    });
    await controllers.start();
    expect(events).toEqual([]);
  });

  it('leave the mesh running when helm is not there, and say what is off', async () => {
    const { controllers, events, logger } = set(
      { clusters: CLUSTERS },
      async () => {
        throw new Error('helm 3.21 or newer is needed');
      },
    );
    await controllers.start();
    expect(events).toEqual(['start mesh lab own']);
    expect(logger.error).toHaveBeenCalledWith(
      'No package is installed or changed: helm 3.21 or newer is needed',
    );
  });

  it('start nothing more when they are stopped while helm is looked for', async () => {
    let found: (tools: PackageTools) => void = () => undefined;
    const close = jest.fn(async () => undefined);
    const { controllers, events } = set(
      { clusters: CLUSTERS },
      () =>
        new Promise(resolve => {
          found = resolve;
        }),
    );
    const started = controllers.start();
    await controllers.stop();
    found({ close } as unknown as PackageTools);
    await started;
    expect(events).toEqual(['start mesh lab own', 'stop mesh lab own']);
    expect(close).toHaveBeenCalled();
  });
});
