// openapi-fetch names its calls after the HTTP methods.
/* eslint-disable new-cap */
import { ResponseError } from '@backstage/errors';
import createClient, { Client, Middleware } from 'openapi-fetch';
import {
  DetailAnswer,
  FleetKey,
  ListAnswer,
  MemberDetail,
  MemberSummary,
  PackageDetail,
  PackageSummary,
} from '../views/views';
import {
  ClusterList,
  FleetQuery,
  LatticeApi,
  LatticeRequestOptions,
} from './LatticeApi';
import { paths } from './schema.gen';

/** Id of the backend plugin that answers. */
export const LATTICE_PLUGIN_ID = 'lattice';

/** What the client needs of its surroundings. */
export interface LatticeClientOptions {
  readonly fetchApi: { fetch: typeof fetch };
  /** Absent in the browser, where `fetchApi` resolves `plugin://` addresses itself. */
  readonly discoveryApi?: { getBaseUrl(pluginId: string): Promise<string> };
}

const refuseFailures: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
  },
};

/** Reads the fleet over HTTP. */
export class LatticeClient implements LatticeApi {
  readonly #fetchApi: LatticeClientOptions['fetchApi'];
  readonly #discoveryApi: LatticeClientOptions['discoveryApi'];

  constructor(options: LatticeClientOptions) {
    this.#fetchApi = options.fetchApi;
    this.#discoveryApi = options.discoveryApi;
  }

  async listPackages(
    query: FleetQuery = {},
    options?: LatticeRequestOptions,
  ): Promise<ListAnswer<PackageSummary>> {
    const client = await this.#client();
    const { data } = await client.GET('/packages', {
      params: { query },
      ...requestInit(options),
    });
    return answered(data);
  }

  async getPackage(
    key: FleetKey,
    options?: LatticeRequestOptions,
  ): Promise<DetailAnswer<PackageDetail>> {
    const client = await this.#client();
    const { data } = await client.GET(
      '/packages/{cluster}/{namespace}/{name}',
      { params: { path: pathOf(key) }, ...requestInit(options) },
    );
    return answered(data);
  }

  async listMembers(
    query: FleetQuery = {},
    options?: LatticeRequestOptions,
  ): Promise<ListAnswer<MemberSummary>> {
    const client = await this.#client();
    const { data } = await client.GET('/members', {
      params: { query },
      ...requestInit(options),
    });
    return answered(data);
  }

  async getMember(
    key: FleetKey,
    options?: LatticeRequestOptions,
  ): Promise<DetailAnswer<MemberDetail>> {
    const client = await this.#client();
    const { data } = await client.GET('/members/{cluster}/{namespace}/{name}', {
      params: { path: pathOf(key) },
      ...requestInit(options),
    });
    return answered(data);
  }

  async listClusters(options?: LatticeRequestOptions): Promise<ClusterList> {
    const client = await this.#client();
    const { data } = await client.GET('/clusters', requestInit(options));
    return answered(data);
  }

  async #client(): Promise<Client<paths>> {
    const baseUrl = this.#discoveryApi
      ? await this.#discoveryApi.getBaseUrl(LATTICE_PLUGIN_ID)
      : `plugin://${LATTICE_PLUGIN_ID}`;
    const client = createClient<paths>({
      baseUrl,
      fetch: request => this.#fetchApi.fetch(request),
    });
    client.use(refuseFailures);
    return client;
  }
}

function pathOf(key: FleetKey): FleetKey {
  return { cluster: key.cluster, namespace: key.namespace, name: key.name };
}

function requestInit(options: LatticeRequestOptions = {}): {
  headers?: { Authorization: string };
  signal?: AbortSignal;
} {
  return {
    ...(options.token && {
      headers: { Authorization: `Bearer ${options.token}` },
    }),
    ...(options.signal && { signal: options.signal }),
  };
}

function answered<T>(data: T | undefined): T {
  if (data === undefined) {
    throw new Error('The lattice backend answered without a body');
  }
  return data;
}
