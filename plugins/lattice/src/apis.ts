import { createApiRef } from '@backstage/frontend-plugin-api';
import { LatticeApi } from '@lattice-portal/backstage-plugin-lattice-common';

/** The backend's answers; replaced by a mock in tests. @public */
export const latticeApiRef = createApiRef<LatticeApi>().with({
  id: 'plugin.lattice.client',
  pluginId: 'lattice',
});
