import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The fleet page. @public */
export const rootRouteRef = createRouteRef({ id: 'lattice' });

/** The page of one package. @public */
export const packageRouteRef = createSubRouteRef({
  id: 'lattice.package',
  parent: rootRouteRef,
  path: '/packages/:cluster/:namespace/:name',
});

/** The page of one mesh member. @public */
export const memberRouteRef = createSubRouteRef({
  id: 'lattice.member',
  parent: rootRouteRef,
  path: '/members/:cluster/:namespace/:name',
});
