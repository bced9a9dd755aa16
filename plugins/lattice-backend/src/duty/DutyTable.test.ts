import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { DUTY_LAWS, OpenTables } from './__testUtils__/dutyLaws';
import { DutyTable } from './DutyTable';
import { openDutyTable } from './openDutyTable';

describe('DutyTable on SQLite', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  const open: OpenTables = async () => {
    const client = await databases.init('SQLITE_3');
    const table = await openDutyTable(
      mockServices.database.mock({ getClient: async () => client }),
    );
    return [table, new DutyTable(client)];
  };

  it.each(DUTY_LAWS)('%s', async (_sentence, law) => {
    await law(open);
  });
});
