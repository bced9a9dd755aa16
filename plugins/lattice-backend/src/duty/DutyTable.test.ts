import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { itKeepsDuties } from './__testUtils__/itKeepsDuties';
import { DutyTable } from './DutyTable';
import { openDutyTable } from './openDutyTable';

describe('DutyTable on SQLite', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  itKeepsDuties(async () => {
    const client = await databases.init('SQLITE_3');
    const table = await openDutyTable(
      mockServices.database.mock({ getClient: async () => client }),
    );
    return [table, new DutyTable(client)];
  });
});
