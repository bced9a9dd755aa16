import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError } from './ClusterError';
import { endpointFromSettings } from './endpoint';
import { HttpClusterClient } from './HttpClusterClient';
import { HttpTransport } from './HttpTransport';
import {
  answerJson,
  answerStatus,
  ScriptedApiServer,
} from './ScriptedApiServer';
import { ResourceKind } from './types';

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const LEASES: ResourceKind = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};
const NAMESPACES: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
const MAPS = '/api/v1/configmaps';
const KEY = { namespace: 'data', name: 'redis' };

function aMap(metadata: Record<string, unknown> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...KEY, ...metadata },
    data: { a: 'b' },
  };
}

describe('HttpClusterClient', () => {
  let server: ScriptedApiServer;
  let transport: HttpTransport;
  let client: HttpClusterClient;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.serve(MAPS);
    transport = new HttpTransport(
      endpointFromSettings({ url: server.url, token: 'tok' }),
    );
    client = new HttpClusterClient({ cluster: 'one', transport });
  });

  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  const last = () => server.requests[server.requests.length - 1];

  function answerOnce(
    code: number,
    body: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    server.once((_request, response) =>
      answerJson(response, code, body, headers),
    );
  }

  async function errorOf(call: Promise<unknown>): Promise<ClusterError> {
    const error = await call.then(
      () => undefined,
      reason => reason,
    );
    expect(error).toBeInstanceOf(ClusterError);
    return error;
  }

  it('lists every page', async () => {
    for (let index = 0; index < 1001; index++) {
      server.put(MAPS, aMap({ name: `m${index}` }));
    }
    const { items, resourceVersion } = await client.list(CONFIG_MAPS);
    expect(items).toHaveLength(1001);
    expect(items[0].kind).toBe('ConfigMap');
    expect(resourceVersion).not.toBe('');
    expect(server.requests.map(({ url }) => url.search)).toEqual([
      '?limit=500',
      '?limit=500&continue=0%3A500',
      '?limit=500&continue=0%3A1000',
    ]);
  });

  it('throws rather than returning a part of a list', async () => {
    for (let index = 0; index < 600; index++) {
      server.put(MAPS, aMap({ name: `m${index}` }));
    }
    server.once(({ url }, response) =>
      url.searchParams.has('continue')
        ? answerStatus(response, 500, {})
        : false,
    );
    expect((await errorOf(client.list(CONFIG_MAPS))).reason).toBe(
      'ServerError',
    );
  });

  it('narrows a list by namespace and labels', async () => {
    answerOnce(200, { metadata: { resourceVersion: '1' }, items: null });
    await client.list(CONFIG_MAPS, {
      namespace: 'data',
      labelSelector: 'a=b,c in (d)',
    });
    expect(last().url.pathname).toBe('/api/v1/namespaces/data/configmaps');
    expect(last().url.searchParams.get('labelSelector')).toBe('a=b,c in (d)');
  });

  it('tells a missing object from a kind that is not served', async () => {
    answerOnce(404, {
      kind: 'Status',
      reason: 'NotFound',
      details: { name: 'redis' },
    });
    await expect(client.get(CONFIG_MAPS, KEY)).resolves.toBeUndefined();
    answerOnce(404, { kind: 'Status', reason: 'NotFound', details: {} });
    expect((await errorOf(client.get(CONFIG_MAPS, KEY))).reason).toBe(
      'NotFound',
    );
    answerOnce(404, {
      kind: 'Status',
      reason: 'NotFound',
      details: { name: 'redis' },
    });
    await expect(client.delete(CONFIG_MAPS, KEY)).resolves.toBe(false);
  });

  it('sends each write as the API server wants it', async () => {
    const stored = aMap({ resourceVersion: '7' });
    const sent = async (call: Promise<unknown>) => {
      await call;
      const { method, url, headers, body } = last();
      return [
        `${method} ${url.pathname}${url.search}`,
        headers['content-type'],
        JSON.parse(body),
      ];
    };
    const manager = 'fieldManager=lattice-portal&fieldValidation=Strict';
    for (let index = 0; index < 7; index++) {
      answerOnce(200, {});
    }
    expect(await sent(client.create(CONFIG_MAPS, aMap()))).toEqual([
      `POST /api/v1/namespaces/data/configmaps?${manager}`,
      'application/json',
      aMap(),
    ]);
    expect(await sent(client.replace(CONFIG_MAPS, stored))).toEqual([
      `PUT /api/v1/namespaces/data/configmaps/redis?${manager}`,
      'application/json',
      stored,
    ]);
    expect(
      await sent(
        client.apply(CONFIG_MAPS, aMap({ managedFields: [] }), {
          dryRun: true,
        }),
      ),
    ).toEqual([
      `PATCH /api/v1/namespaces/data/configmaps/redis?${manager}&force=false&dryRun=All`,
      'application/apply-patch+yaml',
      aMap(),
    ]);
    expect(await sent(client.replaceStatus(LEASES, stored))).toEqual([
      `PUT /apis/coordination.k8s.io/v1/namespaces/data/leases/redis/status?${manager}`,
      'application/json',
      stored,
    ]);
    const operations = [{ op: 'test', path: '/a', value: 1 }];
    expect(await sent(client.jsonPatch(CONFIG_MAPS, KEY, operations))).toEqual([
      `PATCH /api/v1/namespaces/data/configmaps/redis?${manager}`,
      'application/json-patch+json',
      operations,
    ]);
    expect(
      await sent(
        client.delete(CONFIG_MAPS, KEY, { uid: 'u', resourceVersion: '7' }),
      ),
    ).toEqual([
      'DELETE /api/v1/namespaces/data/configmaps/redis',
      'application/json',
      {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid: 'u', resourceVersion: '7' },
      },
    ]);
    await expect(client.replace(CONFIG_MAPS, aMap())).rejects.toThrow(
      /resourceVersion/,
    );
  });

  it('signs in, and acts as another account with all its groups', async () => {
    answerOnce(200, {});
    await client.get(
      NAMESPACES,
      { name: 'a/b' },
      {
        as: { user: 'system:serviceaccount:data:p', groups: ['g1', 'g2'] },
      },
    );
    expect(last().headers.authorization).toBe('Bearer tok');
    expect(last().headers['impersonate-user']).toBe(
      'system:serviceaccount:data:p',
    );
    expect(last().headers['impersonate-group']).toBe('g1, g2');
    expect(last().url.pathname).toBe('/api/v1/namespaces/a%2Fb');
  });

  it('names fields and managers of a conflict', async () => {
    answerOnce(409, {
      kind: 'Status',
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "kubectl"',
      details: {
        name: 'redis',
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl" using apps/v1',
            field: '.spec.replicas',
          },
        ],
      },
    });
    const error = await errorOf(client.apply(CONFIG_MAPS, aMap()));
    expect(error).toMatchObject({
      reason: 'Conflict',
      cluster: 'one',
      verb: 'apply',
      kind: 'ConfigMap',
      objectName: 'redis',
      causes: [{ field: '.spec.replicas', manager: 'kubectl' }],
    });
    expect(error.message).toBe(
      'cluster one: apply ConfigMap data/redis: conflict: .spec.replicas is owned by kubectl',
    );
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [409, 'Conflict'],
    [410, 'Gone'],
    [422, 'Invalid'],
    [429, 'Throttled'],
    [500, 'ServerError'],
    [503, 'ServerError'],
  ])('calls HTTP %i %s', async (code, reason) => {
    answerOnce(code, { kind: 'Status' }, { 'retry-after': '2' });
    expect(await errorOf(client.create(CONFIG_MAPS, aMap()))).toMatchObject({
      reason,
      status: code,
      retryAfterMs: 2000,
    });
  });

  it('tells an object that exists from a conflict', async () => {
    answerOnce(409, { kind: 'Status', reason: 'AlreadyExists' });
    expect(await errorOf(client.create(CONFIG_MAPS, aMap()))).toMatchObject({
      reason: 'AlreadyExists',
    });
  });

  it('never shows bodies or the values in them', async () => {
    const secret = 's3cr3t';
    answerOnce(422, {
      kind: 'Status',
      reason: 'Invalid',
      message: `data: Invalid value: "${secret}"`,
      details: {
        causes: [
          {
            reason: 'FieldValueInvalid',
            message: `Invalid value: "${secret}"`,
            field: 'data.password',
          },
        ],
      },
    });
    const invalid = await errorOf(client.create(CONFIG_MAPS, aMap()));
    expect(invalid.message).toContain('data.password FieldValueInvalid');
    server.once((_request, response) => {
      response.writeHead(502);
      response.end(`<html>${secret}</html>`);
    });
    const html = await errorOf(client.create(CONFIG_MAPS, aMap()));
    server.once((_request, response) => {
      response.writeHead(200);
      response.end(`{"data": "${secret}"`);
    });
    const cut = await errorOf(client.get(CONFIG_MAPS, KEY));
    for (const error of [invalid, html, cut]) {
      expect(JSON.stringify([error.message, error.stack, error])).not.toContain(
        secret,
      );
    }
    expect(html.message).toContain('HTTP 502');
    expect(cut.reason).toBe('Unreachable');
  });

  it('gives up a request that is not answered in time', async () => {
    server.once(() => undefined);
    const impatient = new HttpClusterClient({
      cluster: 'one',
      transport,
      timeoutMs: 30,
    });
    expect(await errorOf(impatient.get(CONFIG_MAPS, KEY))).toMatchObject({
      reason: 'Unreachable',
      explanation: 'no answer within 0.03 s',
    });
  });

  it("throws the caller's own reason when the caller gives up", async () => {
    server.once(() => undefined);
    const abort = new AbortController();
    const call = client.get(CONFIG_MAPS, KEY, { signal: abort.signal });
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 10);
    await expect(call).rejects.toBe(reason);
  });

  it('says that a server is away, by code alone', async () => {
    await server.close();
    const error = await errorOf(client.get(CONFIG_MAPS, KEY));
    expect(error.reason).toBe('Unreachable');
    expect(error.explanation).toBe(
      'the API server cannot be reached (ECONNREFUSED)',
    );
    await transport.close();
    server = await ScriptedApiServer.start();
  });

  it('writes nothing to a cluster that is only observed, not even as a trial', async () => {
    const observer = new HttpClusterClient({
      cluster: 'one',
      transport,
      isReadOnly: true,
    });
    const stored = aMap({ resourceVersion: '7' });
    for (const call of [
      observer.create(CONFIG_MAPS, stored, { dryRun: true }),
      observer.replace(CONFIG_MAPS, stored),
      observer.apply(CONFIG_MAPS, stored),
      observer.replaceStatus(CONFIG_MAPS, stored),
      observer.jsonPatch(CONFIG_MAPS, KEY, []),
      observer.delete(CONFIG_MAPS, KEY),
    ]) {
      expect((await errorOf(call)).reason).toBe('Forbidden');
    }
    expect(server.requests).toEqual([]);
  });

  it('refuses plain HTTP to any other machine', () => {
    expect(() => endpointFromSettings({ url: 'http://10.0.0.1:8080' })).toThrow(
      /https/,
    );
    expect(() =>
      endpointFromSettings({ url: 'http://127.0.0.1.evil.example' }),
    ).toThrow(/https/);
  });
});
