/**
 * The plugin alone, with sample data: `yarn workspace @lattice-portal/backstage-plugin-lattice start`.
 */
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import latticePlugin, { latticeApiRef } from '../src';
import { sampleApi, sampleEntities } from './sampleData';

const sampleModule = createFrontendModule({
  pluginId: 'lattice',
  extensions: [
    ApiBlueprint.make({
      params: define =>
        define({ api: latticeApiRef, deps: {}, factory: () => sampleApi }),
    }),
  ],
});

const catalogModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      params: define =>
        define({
          api: catalogApiRef,
          deps: {},
          factory: () => catalogApiMock({ entities: sampleEntities }),
        }),
    }),
  ],
});

createDevApp({
  features: [latticePlugin, catalogPlugin, sampleModule, catalogModule],
});
