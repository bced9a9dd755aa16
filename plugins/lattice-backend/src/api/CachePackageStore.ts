import { NotFoundError } from '@backstage/errors';
import {
  DetailAnswer,
  FleetKey,
  FleetQuery,
  ListAnswer,
  ObjectKey,
  PackageDetail,
  PackageSummary,
  SecretDefaults,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterConnection } from '../clusters/types';
import { matchesFilter } from './FleetFilter';
import { FleetReader } from './FleetReader';
import { PackageRecord } from './FleetRecord';
import {
  FleetRequest,
  NO_CLUSTERS_NOTE,
  PACKAGE_NOT_FOUND,
  PackageStore,
} from './FleetStore';
import { packageDetail, packageSummary } from './packageViews';

/** Packages as the watch caches hold them. */
export class CachePackageStore implements PackageStore {
  readonly #reader: FleetReader;
  readonly #secrets: SecretDefaults;

  constructor(options: { reader: FleetReader; secrets: SecretDefaults }) {
    this.#reader = options.reader;
    this.#secrets = options.secrets;
  }

  async list(
    query: FleetQuery,
    request: FleetRequest,
  ): Promise<ListAnswer<PackageSummary>> {
    const connections = this.#reader.clusters(query);
    return {
      items: connections.flatMap(connection =>
        this.#reader
          .packages(connection, query.namespace)
          .filter(
            record => !request.filter || matchesFilter(record, request.filter),
          )
          .map(packageSummary),
      ),
      clusters: this.#reader.results(query, ['packages']),
      ...(!this.#reader.hasClusters && { note: NO_CLUSTERS_NOTE }),
    };
  }

  async get(
    key: FleetKey,
    request: FleetRequest,
  ): Promise<DetailAnswer<PackageDetail>> {
    const record = this.#reader.package(key);
    const [connection] = this.#reader.clusters(key);
    const [cluster] = this.#reader.results({ cluster: key.cluster }, [
      'packages',
    ]);
    if (
      !record ||
      !connection ||
      !cluster ||
      (request.filter && !matchesFilter(record, request.filter))
    ) {
      throw new NotFoundError(PACKAGE_NOT_FOUND);
    }
    return {
      item: packageDetail(record, {
        secrets: this.#secrets,
        members: this.#membersOf(connection, record),
      }),
      cluster,
    };
  }

  /** The member that speaks for the package: of its name, where its release lies. */
  #membersOf(
    connection: ClusterConnection,
    record: PackageRecord,
  ): ObjectKey[] {
    const namespace = record.parsed.ok
      ? record.parsed.value.spec.targetNamespace
      : record.namespace;
    const key = { namespace, name: record.name };
    return this.#reader.member({ cluster: connection.name, ...key })
      ? [key]
      : [];
  }
}
