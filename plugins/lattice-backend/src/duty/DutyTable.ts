import { DatabaseService } from '@backstage/backend-plugin-api';

/** The database client of Backstage. */
export type DatabaseClient = Awaited<ReturnType<DatabaseService['getClient']>>;

const TABLE = 'duty';

interface DutyRow {
  cluster: string;
  holder: string;
  /** Milliseconds; a text where the driver gives no large numbers. */
  expires_at: number | string;
}

/**
 * Rows that say which replica is on duty for which cluster. Every time is the database's own, so that clocks of
 * replicas do not matter, and every statement is one conditional write, so that no two replicas win.
 */
export class DutyTable {
  readonly #client: DatabaseClient;

  constructor(client: DatabaseClient) {
    this.#client = client;
  }

  /** Renews the rows of a holder, takes those that are free or have run out, and answers which it now has. */
  async claim(
    holder: string,
    clusters: readonly string[],
    leaseMs: number,
  ): Promise<string[]> {
    if (clusters.length === 0) {
      return [];
    }
    await this.#rows(clusters)
      .where({ holder })
      .update({ expires_at: this.#later(leaseMs) });
    await this.#rows(clusters)
      .whereNot({ holder })
      .where('expires_at', '<=', this.#now())
      .update({ holder, expires_at: this.#later(leaseMs) });
    await this.#insertMissing(holder, clusters, leaseMs);
    const held = await this.#rows(clusters).where({ holder }).select('cluster');
    return held.map(({ cluster }) => cluster);
  }

  /** Lets others have the rows of a holder at once. */
  async release(holder: string): Promise<void> {
    await this.#client(TABLE).where({ holder }).update({ expires_at: 0 });
  }

  async #insertMissing(
    holder: string,
    clusters: readonly string[],
    leaseMs: number,
  ): Promise<void> {
    const known = await this.#rows(clusters).select('cluster');
    const missing = clusters.filter(
      cluster => !known.some(row => row.cluster === cluster),
    );
    if (missing.length > 0) {
      const expires_at = this.#later(leaseMs);
      await this.#client(TABLE)
        .insert(missing.map(cluster => ({ cluster, holder, expires_at })))
        .onConflict('cluster')
        .ignore();
    }
  }

  #rows(clusters: readonly string[]) {
    return this.#client<DutyRow>(TABLE).whereIn('cluster', [...clusters]);
  }

  /** Now by the clock of the database, in milliseconds since the epoch. */
  #now() {
    return this.#client.raw(`(${this.#nowText()})`);
  }

  #later(ms: number) {
    return this.#client.raw(`(${this.#nowText()} + ?)`, [Math.round(ms)]);
  }

  #nowText(): string {
    return this.#isPostgres()
      ? `CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`
      : `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`;
  }

  #isPostgres(): boolean {
    return String(this.#client.client.config.client).startsWith('pg');
  }
}
