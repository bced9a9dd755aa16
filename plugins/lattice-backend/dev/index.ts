import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';

// The backend of Lattice alone, every caller signed in. Clusters come from app-config (`lattice.clusters`).
//
//   yarn workspace @lattice-portal/backstage-plugin-lattice-backend start
//   curl http://localhost:7007/api/lattice/health
//   curl http://localhost:7007/api/lattice/packages
//   curl http://localhost:7007/api/lattice/members/lab/data/redis
const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(mockServices.permissions.factory());
backend.add(import('../src'));

backend.start().catch(error => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
