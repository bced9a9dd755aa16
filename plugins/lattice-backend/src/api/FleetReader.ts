import {
  AgreementGraph,
  ClusterResult,
  FleetKey,
  FleetQuery,
  KubernetesObject,
  LatticeMember,
  LatticePackage,
  ObjectKey,
  parseMember,
  parsePackage,
  ParseResult,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { Clusters } from '../clusters/createClusters';
import {
  ClusterConnection,
  ResourceCache,
  ResourceKind,
} from '../clusters/types';
import { clusterResult, unusableResult } from './clusterResult';
import { CurrentAgreements } from './CurrentAgreements';
import { FleetRecord, MemberRecord, PackageRecord } from './FleetRecord';
import { ConfiguredOwner, ownerOf } from './owners';

/** Where the connections come from. */
export type ClusterSource = Pick<Clusters, 'list' | 'get' | 'states'>;

/** Which caches decide how good an answer is. */
export type FleetTopic = 'packages' | 'members';

const TOPIC_KINDS: Record<FleetTopic, readonly ResourceKind[]> = {
  packages: [KINDS.LatticePackage, KINDS.Namespace],
  members: [KINDS.LatticeMeshMember, KINDS.LatticeService, KINDS.Namespace],
};

/** Kinds of the policies that members become. */
export const POLICY_KINDS: readonly ResourceKind[] = [
  KINDS.CiliumNetworkPolicy,
  KINDS.AuthorizationPolicy,
  KINDS.PeerAuthentication,
];

/** Parses each object once: cached objects are frozen and replaced, never changed. */
function once<T>(
  parse: (raw: unknown) => ParseResult<T>,
): (object: KubernetesObject) => ParseResult<T> {
  const seen = new WeakMap<KubernetesObject, ParseResult<T>>();
  return object => {
    const known = seen.get(object);
    if (known) {
      return known;
    }
    const parsed = parse(object);
    seen.set(object, parsed);
    return parsed;
  };
}

/** Reads packages and members out of the watch caches. Asks no cluster anything and never throws on a bad object. */
export class FleetReader {
  readonly #clusters: ClusterSource;
  readonly #owners: readonly ConfiguredOwner[];
  readonly #readPackage = once<LatticePackage>(parsePackage);
  readonly #readMember = once<LatticeMember>(parseMember);
  readonly #readService = once<LatticeMember>(parseService);
  readonly #agreements = new WeakMap<ClusterConnection, CurrentAgreements>();

  constructor(options: {
    clusters: ClusterSource;
    owners: readonly ConfiguredOwner[];
  }) {
    this.#clusters = options.clusters;
    this.#owners = options.owners;
  }

  /** The clusters that a query is about. */
  clusters(query: FleetQuery = {}): readonly ClusterConnection[] {
    if (query.cluster === undefined) {
      return this.#clusters.list();
    }
    const connection = this.#clusters.get(query.cluster);
    return connection ? [connection] : [];
  }

  /** Whether any cluster is configured at all. */
  get hasClusters(): boolean {
    return this.#clusters.states().length > 0;
  }

  /** How good an answer is, per cluster that the query is about; also of those that cannot be used. */
  results(
    query: FleetQuery,
    topics: readonly FleetTopic[],
  ): readonly ClusterResult[] {
    return this.#clusters
      .states()
      .filter(
        ({ name }) => query.cluster === undefined || query.cluster === name,
      )
      .map(state => {
        const connection = this.#clusters.get(state.name);
        return connection
          ? clusterResult(connection, this.#caches(connection, topics), state)
          : unusableResult(state);
      });
  }

  /** Whether every declaration of the cluster has been read. */
  isComplete(connection: ClusterConnection, topic: FleetTopic): boolean {
    return this.#caches(connection, [topic]).every(cache => cache.isComplete);
  }

  /** Starts every watch that answers need, so that the first request need not wait for them; returns their caches. */
  warm(): readonly ResourceCache[] {
    return this.#clusters
      .list()
      .flatMap(connection => [
        ...this.#caches(connection, ['packages', 'members']),
        ...POLICY_KINDS.map(kind => connection.cache(kind)),
      ]);
  }

  packages(connection: ClusterConnection, namespace?: string): PackageRecord[] {
    return connection
      .cache(KINDS.LatticePackage)
      .list(namespace)
      .map(object => this.#packageRecord(connection, object));
  }

  package(key: FleetKey): PackageRecord | undefined {
    const connection = this.#clusters.get(key.cluster);
    const object = connection?.cache(KINDS.LatticePackage).get(key);
    return connection && object && this.#packageRecord(connection, object);
  }

  /** One per key: the member's own declaration, else the service's. */
  members(connection: ClusterConnection, namespace?: string): MemberRecord[] {
    const declared = connection.cache(KINDS.LatticeMeshMember);
    const derived = connection
      .cache(KINDS.LatticeService)
      .list(namespace)
      .filter(service => !declared.get(keyOf(service)));
    return [
      ...declared
        .list(namespace)
        .map(object =>
          this.#memberRecord(connection, 'LatticeMeshMember', object),
        ),
      ...derived.map(object =>
        this.#memberRecord(connection, 'LatticeService', object),
      ),
    ];
  }

  member(key: FleetKey): MemberRecord | undefined {
    const connection = this.#clusters.get(key.cluster);
    return connection && this.#memberOf(connection, key);
  }

  /** The agreements among all readable members of a cluster, as of now. Kept up, not built anew. */
  agreements(connection: ClusterConnection): AgreementGraph {
    let agreements = this.#agreements.get(connection);
    if (!agreements) {
      agreements = this.#openAgreements(connection);
      this.#agreements.set(connection, agreements);
    }
    return agreements.graph;
  }

  #openAgreements(connection: ClusterConnection): CurrentAgreements {
    const readable = ({ parsed }: MemberRecord) =>
      parsed.ok ? [parsed.value] : [];
    return new CurrentAgreements({
      caches: [KINDS.LatticeMeshMember, KINDS.LatticeService].map(kind =>
        connection.cache(kind),
      ),
      all: () => this.members(connection).flatMap(readable),
      of: key => {
        const record = this.#memberOf(connection, key);
        return record && readable(record)[0];
      },
    });
  }

  #memberOf(
    connection: ClusterConnection,
    key: ObjectKey,
  ): MemberRecord | undefined {
    for (const kind of ['LatticeMeshMember', 'LatticeService'] as const) {
      const object = connection.cache(KINDS[kind]).get(key);
      if (object) {
        return this.#memberRecord(connection, kind, object);
      }
    }
    return undefined;
  }

  #caches(
    connection: ClusterConnection,
    topics: readonly FleetTopic[],
  ): ResourceCache[] {
    const kinds = new Set(topics.flatMap(topic => TOPIC_KINDS[topic]));
    return [...kinds].map(kind => connection.cache(kind));
  }

  #packageRecord(
    connection: ClusterConnection,
    object: KubernetesObject,
  ): PackageRecord {
    return {
      ...this.#fleetRecord(connection, object),
      object,
      parsed: this.#readPackage(object),
    };
  }

  #memberRecord(
    connection: ClusterConnection,
    kind: MemberRecord['kind'],
    object: KubernetesObject,
  ): MemberRecord {
    return {
      ...this.#fleetRecord(connection, object),
      kind,
      object,
      parsed:
        kind === 'LatticeMeshMember'
          ? this.#readMember(object)
          : this.#readService(object),
    };
  }

  #fleetRecord(
    connection: ClusterConnection,
    object: KubernetesObject,
  ): FleetRecord {
    const { namespace, name } = keyOf(object);
    const owner = ownerOf({
      cluster: connection.name,
      namespace,
      namespaceObject: connection
        .cache(KINDS.Namespace)
        .get({ name: namespace }),
      configured: this.#owners,
    });
    return {
      cluster: connection.name,
      namespace,
      name,
      labels: object.metadata.labels ?? {},
      ...(owner !== undefined && { owner }),
    };
  }
}

function keyOf(object: KubernetesObject): ObjectKey {
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  };
}
