import { mockServices } from '@backstage/backend-test-utils';
import knexFactory from 'knex';
import { Postgres, startPostgres } from 'lab';
import { DUTY_LAWS, OpenTables } from './__testUtils__/dutyLaws';
import { DatabaseClient, DutyTable } from './DutyTable';
import { openDutyTable } from './openDutyTable';

describe('DutyTable on PostgreSQL', () => {
  jest.setTimeout(120_000);
  let postgres: Postgres;
  const clients: DatabaseClient[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await Promise.all(clients.map(client => client.destroy()));
    await postgres?.stop();
  });

  /** As a replica opens it: each with connections of its own, all at the same time. */
  async function aReplica(): Promise<DutyTable> {
    const { stop: _stop, ...connection } = postgres;
    const client = knexFactory({ client: 'pg', connection });
    clients.push(client);
    return openDutyTable(
      mockServices.database.mock({ getClient: async () => client }),
    );
  }

  const open: OpenTables = async () => {
    const first = await aReplica();
    return [first, await aReplica()];
  };

  it.each(DUTY_LAWS)('%s', async (_sentence, law) => {
    await law(open);
  });

  it('lets exactly one of many replicas win each of many rows at the same moment', async () => {
    const replicas = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => ({
        name: `replica-${index}`,
        table: await aReplica(),
      })),
    );
    const clusters = Array.from({ length: 40 }, (_, index) => `many-${index}`);
    for (let round = 0; round < 5; round++) {
      const claims = await Promise.all(
        replicas.map(({ name, table }) => table.claim(name, clusters, 60_000)),
      );
      expect(claims.flat().sort()).toEqual([...clusters].sort());
      await Promise.all(replicas.map(({ name, table }) => table.release(name)));
    }
  });
});
