import {
  ClusterRow,
  DetailAnswer,
  FleetKey,
  ListAnswer,
  MemberDetail,
  MemberSummary,
  PackageDetail,
  PackageSummary,
} from '../views/views';

/** Narrows a list. */
export interface FleetQuery {
  readonly cluster?: string;
  readonly namespace?: string;
}

/** The clusters, as far as any signed-in caller may know them. */
export interface ClusterList {
  readonly items: readonly ClusterRow[];
  /** Why there is nothing to show, for people. */
  readonly note?: string;
}

/** Options that every request understands. */
export interface LatticeRequestOptions {
  /** Bearer token, for callers without a signed-in browser. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/**
 * What the portal knows of the fleet. Failures are thrown as `ResponseError` of `@backstage/errors`;
 * an object that is missing and one that the caller may not see fail alike, with status 404.
 */
export interface LatticeApi {
  listPackages(
    query?: FleetQuery,
    options?: LatticeRequestOptions,
  ): Promise<ListAnswer<PackageSummary>>;
  getPackage(
    key: FleetKey,
    options?: LatticeRequestOptions,
  ): Promise<DetailAnswer<PackageDetail>>;
  listMembers(
    query?: FleetQuery,
    options?: LatticeRequestOptions,
  ): Promise<ListAnswer<MemberSummary>>;
  getMember(
    key: FleetKey,
    options?: LatticeRequestOptions,
  ): Promise<DetailAnswer<MemberDetail>>;
  listClusters(options?: LatticeRequestOptions): Promise<ClusterList>;
}
