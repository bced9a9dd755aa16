import { NotFoundError } from '@backstage/errors';
import {
  ClusterProfile,
  DEFAULT_PROFILE,
  DetailAnswer,
  FleetKey,
  FleetQuery,
  KubernetesObject,
  ListAnswer,
  MemberDetail,
  MemberSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterConnection } from '../clusters/types';
import { matchesFilter } from './FleetFilter';
import { FleetReader, POLICY_KINDS } from './FleetReader';
import { MemberRecord } from './FleetRecord';
import {
  FleetRequest,
  MEMBER_NOT_FOUND,
  MemberStore,
  NO_CLUSTERS_NOTE,
} from './FleetStore';
import { FarSides } from './hideFarSides';
import { AgreementContext, memberDetail, memberSummary } from './memberViews';

/** Mesh members as the watch caches hold them. */
export class CacheMemberStore implements MemberStore {
  readonly #reader: FleetReader;
  readonly #profileOf: (cluster: string) => ClusterProfile | undefined;

  constructor(options: {
    reader: FleetReader;
    /** What is configured of a cluster; the default profile where nothing is. */
    profileOf?: (cluster: string) => ClusterProfile | undefined;
  }) {
    this.#reader = options.reader;
    this.#profileOf = options.profileOf ?? (() => undefined);
  }

  async list(
    query: FleetQuery,
    request: FleetRequest,
  ): Promise<ListAnswer<MemberSummary>> {
    const connections = this.#reader.clusters(query);
    return {
      items: connections.flatMap(connection =>
        this.#reader
          .members(connection, query.namespace)
          .filter(
            record => !request.filter || matchesFilter(record, request.filter),
          )
          .map(record =>
            memberSummary(record, this.#agreements(connection, record)),
          ),
      ),
      clusters: this.#reader.results(query, ['members']),
      ...(!this.#reader.hasClusters && { note: NO_CLUSTERS_NOTE }),
    };
  }

  async get(
    key: FleetKey,
    request: FleetRequest,
  ): Promise<DetailAnswer<MemberDetail>> {
    const record = this.#reader.member(key);
    const [connection] = this.#reader.clusters(key);
    const [cluster] = this.#reader.results({ cluster: key.cluster }, [
      'members',
    ]);
    if (
      !record ||
      !connection ||
      !cluster ||
      (request.filter && !matchesFilter(record, request.filter))
    ) {
      throw new NotFoundError(MEMBER_NOT_FOUND);
    }
    return {
      item: memberDetail(record, {
        ...this.#agreements(connection, record),
        policies: appliedPolicies(connection, record),
        farSides: this.#farSides(connection, record, request),
      }),
      cluster,
    };
  }

  /** Which present peers the caller may read: policies must not show what others are made of. */
  #farSides(
    connection: ClusterConnection,
    record: MemberRecord,
    { filter }: FleetRequest,
  ): FarSides | undefined {
    if (!filter) {
      return undefined;
    }
    const peers = this.#reader
      .agreements(connection)
      .edgesOf(record)
      .flatMap(({ caller, callee }) => [caller, callee]);
    return {
      readable: [record, ...peers].flatMap(({ namespace, name }) => {
        const cluster = connection.name;
        const known = this.#reader.member({ cluster, namespace, name });
        return known?.parsed.ok && matchesFilter(known, filter)
          ? known.parsed.value
          : [];
      }),
      named: namedNamespaces(record),
      dns: (this.#profileOf(connection.name) ?? DEFAULT_PROFILE).dns,
    };
  }

  #agreements(
    connection: ClusterConnection,
    record: MemberRecord,
  ): AgreementContext {
    return {
      edges: this.#reader.agreements(connection).edgesOf(record),
      isComplete: this.#reader.isComplete(connection, 'members'),
    };
  }
}

/** The namespaces that a member's own declaration names. */
function namedNamespaces({ parsed }: MemberRecord): ReadonlySet<string> {
  const spec = parsed.ok ? parsed.value.spec : undefined;
  return new Set(
    [...(spec?.allowedCallers ?? []), ...(spec?.dependencies ?? [])].flatMap(
      ({ namespace }) => namespace ?? [],
    ),
  );
}

/** The policies that the status of a member names, as they stand on the cluster. */
function appliedPolicies(
  connection: ClusterConnection,
  record: MemberRecord,
): KubernetesObject[] {
  if (!record.parsed.ok) {
    return [];
  }
  const { namespace } = record;
  return record.parsed.value.status.appliedResources.flatMap(
    ({ kind, name }) => {
      const policyKind = POLICY_KINDS.find(known => known.kind === kind);
      return (
        (policyKind && connection.cache(policyKind).get({ namespace, name })) ??
        []
      );
    },
  );
}
