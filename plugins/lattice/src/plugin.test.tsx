import {
  createExtensionTester,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { filterPredicateToFilterFunction } from '@backstage/filter-predicates';
import { meshFilter, packageFilter } from './entity/availability';
import {
  isLatticeMeshAvailable,
  isLatticePackageAvailable,
  default as latticePlugin,
} from './index';
import { aCluster, aMember, aPackage } from './__testUtils__/builders';
import { mockLatticeApi } from './__testUtils__/mockLatticeApi';
import { anEntity } from './__testUtils__/renderOnEntity';

const clusters = [
  aCluster(),
  aCluster({ cluster: 'eu-1', complete: false, error: 'Timed out.' }),
];

function renderAt(path: string) {
  const api = mockLatticeApi({
    listPackages: async () => ({
      items: [
        aPackage(),
        aPackage({ name: 'vault', chart: 'vault', phase: 'Failed' }),
      ],
      clusters,
    }),
    getPackage: async () => ({ item: aPackage(), cluster: clusters[0] }),
    listMembers: async () => ({ items: [aMember()], clusters }),
    getMember: async () => ({ item: aMember(), cluster: clusters[0] }),
    listClusters: async () => ({ items: clusters }),
  });
  renderTestApp({
    features: [latticePlugin],
    apis: [api],
    initialRouteEntries: [path],
  });
  return api;
}

describe('the plugin', () => {
  it.each([
    'page:lattice',
    'entity-content:lattice/package',
    'entity-content:lattice/mesh',
    'entity-card:lattice/package',
    'entity-card:lattice/mesh',
  ])('has the extension %s that apps rely on', id => {
    expect(latticePlugin.getExtension(id as 'page:lattice')).toBeDefined();
  });

  it('puts the tabs at paths that links rely on', () => {
    const tab = latticePlugin.getExtension('entity-content:lattice/mesh');
    const tester = createExtensionTester(tab);
    expect(tester.get(EntityContentBlueprint.dataRefs.title)).toBe('Mesh');
  });

  it('lists the fleet, says which cluster is missing, and filters', async () => {
    renderAt('/lattice/packages');
    const table = await screen.findByRole('table', { name: 'Packages' });
    expect(within(table).getByRole('link', { name: 'redis' })).toHaveAttribute(
      'href',
      '/lattice/packages/lab/data/redis',
    );
    expect(
      screen.getByText('Cluster eu-1 does not answer fully'),
    ).toBeInTheDocument();
    await userEvent.type(screen.getByRole('searchbox'), 'vault failed');
    expect(await screen.findByText('1 of 2 shown')).toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: 'redis' }),
    ).not.toBeInTheDocument();
  });

  it('reads the filter from the address', async () => {
    renderAt('/lattice/packages?filter=redis');
    expect(await screen.findByText('1 of 2 shown')).toBeInTheDocument();
  });

  it('shows one package at the path that links use', async () => {
    const api = renderAt('/lattice/packages/lab/data/redis');
    expect(
      await screen.findByRole('region', { name: 'Placement' }),
    ).toBeInTheDocument();
    expect(api.getPackage).toHaveBeenCalledWith({
      cluster: 'lab',
      namespace: 'data',
      name: 'redis',
    });
  });

  it('shows one member at the path that links use', async () => {
    renderAt('/lattice/members/lab/data/redis');
    expect(
      await screen.findByRole('region', { name: 'Agreements' }),
    ).toBeInTheDocument();
  });

  it('shows members and clusters', async () => {
    renderAt('/lattice/members');
    expect(
      await screen.findByRole('table', { name: 'Mesh members' }),
    ).toHaveTextContent('2 / 0');
    await userEvent.click(screen.getByRole('tab', { name: 'Clusters' }));
    expect(
      await screen.findByRole('table', { name: 'Clusters' }),
    ).toHaveTextContent('Timed out.');
  });
});

describe('where the tabs appear', () => {
  const PACKAGE = 'lattice.dev/package';
  it.each([
    ['Component', PACKAGE, true, false],
    ['System', PACKAGE, true, false],
    ['Resource', 'lattice.dev/member', false, true],
    ['Component', 'lattice.dev/service', false, true],
    ['User', PACKAGE, false, false],
    ['Component', 'other/annotation', false, false],
  ])('a %s with %s', (kind, annotation, hasPackage, hasMesh) => {
    const entity = { ...anEntity({ [annotation]: 'lab/data/redis' }), kind };
    expect(filterPredicateToFilterFunction(packageFilter)(entity)).toBe(
      hasPackage,
    );
    expect(filterPredicateToFilterFunction(meshFilter)(entity)).toBe(hasMesh);
    expect(isLatticePackageAvailable(entity)).toBe(hasPackage);
    expect(isLatticeMeshAvailable(entity)).toBe(hasMesh);
  });
});
