import { HttpAuthService } from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouterFromGeneratedEndpointMap } from '@backstage/backend-openapi-utils';
import {
  ClusterList,
  ClusterProfile,
  DetailAnswer,
  FleetKey,
  FleetQuery,
  latticeOpenApiDocument,
  ListAnswer,
  MemberDetail,
  MemberSummary,
  PackageDetail,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Router } from 'express';
import { clusterHealth, ClusterHealth } from './clusterHealth';
import { clusterRows } from './clusterRows';
import { FleetReader } from './FleetReader';
import { MemberStore, NO_CLUSTERS_NOTE, PackageStore } from './FleetStore';

type LatticeEndpoints = {
  '#get|/packages': {
    query: FleetQuery;
    response: ListAnswer<PackageSummary>;
  };
  '#get|/packages/{cluster}/{namespace}/{name}': {
    path: FleetKey;
    response: DetailAnswer<PackageDetail>;
  };
  '#get|/members': { query: FleetQuery; response: ListAnswer<MemberSummary> };
  '#get|/members/{cluster}/{namespace}/{name}': {
    path: FleetKey;
    response: DetailAnswer<MemberDetail>;
  };
  '#get|/clusters': { response: ClusterList };
  '#get|/health': { response: ClusterHealth };
};

/** What the routes answer from. */
export interface RouterOptions {
  readonly packages: PackageStore;
  readonly members: MemberStore;
  readonly reader: FleetReader;
  readonly httpAuth: HttpAuthService;
  /** What is configured about a cluster's engines. */
  readonly profileOf: (cluster: string) => ClusterProfile | undefined;
  /** Holds every answer against the document as well; for tests. */
  readonly validateResponses?: boolean;
}

/** The routes of the HTTP API, as its document describes them. */
export function createRouter(options: RouterOptions): Router {
  const { packages, members, reader, httpAuth } = options;
  const router =
    createValidatedOpenApiRouterFromGeneratedEndpointMap<LatticeEndpoints>(
      latticeOpenApiDocument,
      {
        validatorOptions: {
          validateResponses: options.validateResponses ?? false,
        },
      },
    );
  const results = () => reader.results({}, ['packages', 'members']);

  router.get('/packages', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await packages.list(req.query, { credentials }));
  });
  router.get('/packages/:cluster/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await packages.get(req.params, { credentials }));
  });
  router.get('/members', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await members.list(req.query, { credentials }));
  });
  router.get('/members/:cluster/:namespace/:name', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await members.get(req.params, { credentials }));
  });
  router.get('/clusters', async (_req, res) => {
    const items = clusterRows(reader, options.profileOf);
    res.json({ items, ...(!reader.hasClusters && { note: NO_CLUSTERS_NOTE }) });
  });
  router.get('/health', async (_req, res) => {
    res.json(clusterHealth(results()));
  });
  return router;
}
