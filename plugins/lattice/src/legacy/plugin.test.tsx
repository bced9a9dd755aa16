import {
  TestApiProvider,
  renderInTestApp,
  wrapInTestApp,
} from '@backstage/test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { render, screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { latticeApiRef } from '../apis';
import { rootRouteRef } from '../routes';
import { aCluster, aMember, aPackage } from '../__testUtils__/builders';
import { mockLatticeApi } from '../__testUtils__/mockLatticeApi';
import { anEntity } from '../__testUtils__/renderOnEntity';
import {
  EntityLatticeMeshContent,
  EntityLatticePackageContent,
  LatticePage,
} from './index';

const api = mockLatticeApi({
  listPackages: async () => ({ items: [aPackage()], clusters: [aCluster()] }),
  getPackage: async () => ({ item: aPackage(), cluster: aCluster() }),
  getMember: async () => ({ item: aMember(), cluster: aCluster() }),
});

function renderLegacy(element: JSX.Element) {
  return renderInTestApp(
    <TestApiProvider apis={[[latticeApiRef, api]]}>
      <EntityProvider
        entity={anEntity({
          'lattice.dev/package': 'lab/data/redis',
          'lattice.dev/member': 'lab/data/redis',
        })}
      >
        {element}
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/lattice': rootRouteRef } },
  );
}

describe('the legacy entry', () => {
  it('shows the Package tab', async () => {
    await renderLegacy(<EntityLatticePackageContent />);
    expect(
      await screen.findByRole('region', { name: 'Placement' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'data/redis' })).toHaveAttribute(
      'href',
      '/lattice/members/lab/data/redis',
    );
  });

  it('shows the Mesh tab', async () => {
    await renderLegacy(<EntityLatticeMeshContent />);
    expect(
      await screen.findByRole('region', { name: 'Agreements' }),
    ).toBeInTheDocument();
  });

  it('shows the fleet page', async () => {
    render(
      wrapInTestApp(
        <TestApiProvider apis={[[latticeApiRef, api]]}>
          <Routes>
            <Route path="/lattice" element={<LatticePage />} />
          </Routes>
        </TestApiProvider>,
        { routeEntries: ['/lattice'] },
      ),
    );
    expect(
      await screen.findByRole('table', { name: 'Packages' }),
    ).toBeInTheDocument();
  });
});
