import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  catalogProcessingExtensionPoint,
  EntityProvider,
} from '@backstage/plugin-catalog-node';
import { catalogModuleLattice } from './module';

async function providersFor(data: object): Promise<string[]> {
  const providers: EntityProvider[] = [];
  await startTestBackend({
    extensionPoints: [
      [
        catalogProcessingExtensionPoint,
        {
          addEntityProvider: (...added: EntityProvider[][]) =>
            providers.push(...added.flat()),
          addProcessor: () => undefined,
          addPlaceholderResolver: () => undefined,
          setOnProcessingErrorHandler: () => undefined,
        } as Partial<
          typeof catalogProcessingExtensionPoint.T
        > as typeof catalogProcessingExtensionPoint.T,
      ],
    ],
    features: [
      catalogModuleLattice,
      mockServices.rootConfig.factory({ data: { ...data } }),
    ],
  });
  return providers.map(provider => provider.getProviderName());
}

const CLUSTERS = [{ name: 'lab' }, { name: 'far' }];

describe('the catalog module', () => {
  it('is off until it is asked for', async () => {
    expect(await providersFor({ lattice: { clusters: CLUSTERS } })).toEqual([]);
  });

  it('brings one provider per cluster, so that each is refreshed by itself', async () => {
    const providers = await providersFor({
      lattice: { clusters: CLUSTERS },
      catalog: { providers: { lattice: {} } },
    });
    expect(providers).toEqual([
      'LatticeEntityProvider:lab',
      'LatticeEntityProvider:far',
    ]);
  });

  it('takes the clusters of another backend by name', async () => {
    const providers = await providersFor({
      catalog: { providers: { lattice: { clusters: ['remote'] } } },
    });
    expect(providers).toEqual(['LatticeEntityProvider:remote']);
  });
});
