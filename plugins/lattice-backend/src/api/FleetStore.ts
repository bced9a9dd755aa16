import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  DetailAnswer,
  FleetKey,
  FleetQuery,
  ListAnswer,
  MemberDetail,
  MemberSummary,
  PackageDetail,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FleetFilter } from './FleetFilter';

/** Who asks, and which records may be considered at all. */
export interface FleetRequest {
  readonly credentials: BackstageCredentials;
  /** Records that do not pass are treated as if they were not there. Absent = all. */
  readonly filter?: PermissionCriteria<FleetFilter>;
}

/** Answers questions about one kind of object of the fleet. */
export interface FleetStore<Summary, Detail> {
  list(query: FleetQuery, request: FleetRequest): Promise<ListAnswer<Summary>>;
  /** Throws the same `NotFoundError` for what is missing and for what does not pass the filter. */
  get(key: FleetKey, request: FleetRequest): Promise<DetailAnswer<Detail>>;
}

/** Packages of the fleet. */
export type PackageStore = FleetStore<PackageSummary, PackageDetail>;
/** Mesh members of the fleet. */
export type MemberStore = FleetStore<MemberSummary, MemberDetail>;

/** Said when there is no such package, or the caller may not see it. */
export const PACKAGE_NOT_FOUND =
  'There is no such package, or you may not see it, or its cluster has not been read yet';
/** Said when there is no such member, or the caller may not see it. */
export const MEMBER_NOT_FOUND =
  'There is no such mesh member, or you may not see it, or its cluster has not been read yet';
/** Said when there is nothing to list because nothing is configured. */
export const NO_CLUSTERS_NOTE =
  'No cluster is configured: add one under lattice.clusters.';
