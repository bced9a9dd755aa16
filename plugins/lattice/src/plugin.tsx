import {
  ApiBlueprint,
  PageBlueprint,
  SubPageBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { LatticeClient } from '@lattice-portal/backstage-plugin-lattice-common';
import { RiNodeTree } from '@remixicon/react';
import { latticeApiRef } from './apis';
import { meshFilter, packageFilter } from './entity/availability';
import { memberRouteRef, packageRouteRef, rootRouteRef } from './routes';

const latticeApi = ApiBlueprint.make({
  params: define =>
    define({
      api: latticeApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new LatticeClient(deps),
    }),
});

const fleetPage = PageBlueprint.make({
  params: { path: '/lattice', routeRef: rootRouteRef },
});

const packagesPage = SubPageBlueprint.make({
  name: 'packages',
  params: {
    path: 'packages',
    title: 'Packages',
    loader: () => import('./fleet/FleetPages').then(m => <m.PackagesPage />),
  },
});

const membersPage = SubPageBlueprint.make({
  name: 'members',
  params: {
    path: 'members',
    title: 'Mesh members',
    loader: () => import('./fleet/FleetPages').then(m => <m.MembersPage />),
  },
});

const clustersPage = SubPageBlueprint.make({
  name: 'clusters',
  params: {
    path: 'clusters',
    title: 'Clusters',
    loader: () => import('./fleet/FleetPages').then(m => <m.ClustersPage />),
  },
});

const packageContent = EntityContentBlueprint.make({
  name: 'package',
  params: {
    path: '/package',
    title: 'Package',
    group: 'deployment',
    filter: packageFilter,
    loader: () =>
      import('./package/PackageContent').then(m => <m.PackageContent />),
  },
});

const meshContent = EntityContentBlueprint.make({
  name: 'mesh',
  params: {
    path: '/mesh',
    title: 'Mesh',
    group: 'observability',
    filter: meshFilter,
    loader: () => import('./mesh/MeshContent').then(m => <m.MeshContent />),
  },
});

const packageCard = EntityCardBlueprint.make({
  name: 'package',
  params: {
    type: 'info',
    filter: packageFilter,
    loader: () => import('./package/PackageCard').then(m => <m.PackageCard />),
  },
});

const meshCard = EntityCardBlueprint.make({
  name: 'mesh',
  params: {
    type: 'info',
    filter: meshFilter,
    loader: () => import('./mesh/MeshCard').then(m => <m.MeshCard />),
  },
});

/** Package and Mesh tabs, cards, and the fleet page. @public */
export const latticePlugin = createFrontendPlugin({
  pluginId: 'lattice',
  title: 'Lattice',
  icon: <RiNodeTree />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    package: packageRouteRef,
    member: memberRouteRef,
  },
  extensions: [
    latticeApi,
    fleetPage,
    packagesPage,
    membersPage,
    clustersPage,
    packageContent,
    meshContent,
    packageCard,
    meshCard,
  ],
});
