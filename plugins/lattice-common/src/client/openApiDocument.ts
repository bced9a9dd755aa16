import { latticeOpenApiSchemas, schemaRef } from './openApiSchemas';

const pathParameter = <Name extends string>(name: Name) =>
  ({ name, in: 'path', required: true, schema: { type: 'string' } } as const);

const queryParameter = <Name extends string>(name: Name, description: string) =>
  ({
    name,
    in: 'query',
    required: false,
    description,
    schema: { type: 'string' },
  } as const);

const fleetKeyParameters = [
  pathParameter('cluster'),
  pathParameter('namespace'),
  pathParameter('name'),
] as const;

const listParameters = [
  queryParameter('cluster', 'Only this cluster.'),
  queryParameter('namespace', 'Only this namespace.'),
] as const;

const jsonResponse = <Name extends keyof typeof latticeOpenApiSchemas>(
  description: string,
  name: Name,
) =>
  ({
    description,
    content: { 'application/json': { schema: schemaRef(name) } },
  } as const);

const errorResponse = { $ref: '#/components/responses/Error' } as const;

/**
 * OpenAPI 3.1 document of `/api/lattice`, the one description of the HTTP API: `yarn generate:openapi` turns it into
 * `schema.gen.ts`, the backend validates requests with it and serves it.
 *
 * @public
 */
export const latticeOpenApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'lattice',
    version: '1',
    description:
      'Packages and mesh members of the fleet, as far as the caller may see them.',
    license: {
      name: 'Apache-2.0',
      url: 'https://www.apache.org/licenses/LICENSE-2.0.html',
    },
  },
  servers: [{ url: '/' }],
  paths: {
    '/packages': {
      get: {
        operationId: 'listPackages',
        description: 'Packages that the caller may see.',
        parameters: listParameters,
        responses: {
          '200': jsonResponse('Packages.', 'PackageList'),
          default: errorResponse,
        },
      },
    },
    '/packages/{cluster}/{namespace}/{name}': {
      get: {
        operationId: 'getPackage',
        description:
          'One package. One that is missing and one that the caller may not see answer alike.',
        parameters: fleetKeyParameters,
        responses: {
          '200': jsonResponse('The package.', 'PackageAnswer'),
          default: errorResponse,
        },
      },
    },
    '/members': {
      get: {
        operationId: 'listMembers',
        description: 'Mesh members that the caller may see.',
        parameters: listParameters,
        responses: {
          '200': jsonResponse('Members.', 'MemberList'),
          default: errorResponse,
        },
      },
    },
    '/members/{cluster}/{namespace}/{name}': {
      get: {
        operationId: 'getMember',
        description:
          'One member. One that is missing and one that the caller may not see answer alike.',
        parameters: fleetKeyParameters,
        responses: {
          '200': jsonResponse('The member.', 'MemberAnswer'),
          default: errorResponse,
        },
      },
    },
    '/clusters': {
      get: {
        operationId: 'listClusters',
        description: 'The clusters, and how good the view of each is.',
        responses: {
          '200': jsonResponse('Clusters.', 'ClusterList'),
          default: errorResponse,
        },
      },
    },
    '/health': {
      get: {
        operationId: 'getHealth',
        description:
          'Whether the plugin runs and how fresh each cluster is. Needs no sign-in, names no cluster, and stays 200 when a cluster is away.',
        security: [],
        responses: {
          '200': jsonResponse('Health.', 'Health'),
          default: errorResponse,
        },
      },
    },
  },
  components: {
    securitySchemes: { JWT: { type: 'http', scheme: 'bearer' } },
    responses: {
      Error: {
        description: 'An error.',
        content: { 'application/json': { schema: schemaRef('Error') } },
      },
    },
    schemas: latticeOpenApiSchemas,
  },
  security: [{}, { JWT: [] }],
} as const;
