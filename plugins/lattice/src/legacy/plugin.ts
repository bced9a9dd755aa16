import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { LatticeClient } from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeApiRef } from '../apis';
import { rootRouteRef } from '../routes';

/** Lattice for the legacy frontend system. @public */
export const latticePlugin = createPlugin({
  id: 'lattice',
  routes: { root: rootRouteRef },
  apis: [
    createApiFactory({
      api: latticeApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new LatticeClient(deps),
    }),
  ],
});

/** The fleet page, to be mounted at `/lattice`. @public */
export const LatticePage = latticePlugin.provide(
  createRoutableExtension({
    name: 'LatticePage',
    component: () => import('./LegacyFleetPage').then(m => m.LegacyFleetPage),
    mountPoint: rootRouteRef,
  }),
);

/** The Package tab, for `EntityLayout.Route`. @public */
export const EntityLatticePackageContent = latticePlugin.provide(
  createComponentExtension({
    name: 'EntityLatticePackageContent',
    component: {
      lazy: () =>
        import('../package/PackageContent').then(m => m.PackageContent),
    },
  }),
);

/** The Mesh tab, for `EntityLayout.Route`. @public */
export const EntityLatticeMeshContent = latticePlugin.provide(
  createComponentExtension({
    name: 'EntityLatticeMeshContent',
    component: {
      lazy: () => import('../mesh/MeshContent').then(m => m.MeshContent),
    },
  }),
);

/** The overview card of the entity's packages. @public */
export const EntityLatticePackageCard = latticePlugin.provide(
  createComponentExtension({
    name: 'EntityLatticePackageCard',
    component: {
      lazy: () => import('../package/PackageCard').then(m => m.PackageCard),
    },
  }),
);

/** The overview card of the entity's agreements. @public */
export const EntityLatticeMeshCard = latticePlugin.provide(
  createComponentExtension({
    name: 'EntityLatticeMeshCard',
    component: { lazy: () => import('../mesh/MeshCard').then(m => m.MeshCard) },
  }),
);
