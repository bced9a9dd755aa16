import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { DutyTable } from './DutyTable';

const PACKAGE = '@lattice-portal/backstage-plugin-lattice-backend';

/** Brings the tables of the plugin to their newest form and opens the one of the duties. */
export async function openDutyTable(
  database: DatabaseService,
): Promise<DutyTable> {
  const client = await database.getClient();
  if (!database.migrations?.skip) {
    await client.migrate.latest({
      directory: resolvePackagePath(PACKAGE, 'migrations'),
    });
  }
  return new DutyTable(client);
}
