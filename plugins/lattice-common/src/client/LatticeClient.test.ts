import { LatticeClient } from './LatticeClient';

interface SeenRequest {
  readonly url: string;
  readonly authorization: string | null;
}

function clientThatSees(answer: { status: number; body: object }): {
  client: LatticeClient;
  seen: SeenRequest[];
} {
  const seen: SeenRequest[] = [];
  const client = new LatticeClient({
    discoveryApi: { getBaseUrl: async id => `http://backend.test/api/${id}` },
    fetchApi: {
      fetch: async input => {
        const request = new Request(input);
        seen.push({
          url: request.url,
          authorization: request.headers.get('authorization'),
        });
        return new Response(JSON.stringify(answer.body), {
          status: answer.status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
  return { client, seen };
}

describe('LatticeClient', () => {
  it('asks for one package by its three names, escaped', async () => {
    const { client, seen } = clientThatSees({
      status: 200,
      body: { item: { name: 'redis' }, cluster: { cluster: 'lab' } },
    });
    const answer = await client.getPackage({
      cluster: 'lab/eu',
      namespace: 'data',
      name: 'redis',
    });
    expect(answer.item.name).toBe('redis');
    expect(seen).toEqual([
      {
        url: 'http://backend.test/api/lattice/packages/lab%2Feu/data/redis',
        authorization: null,
      },
    ]);
  });

  it('narrows a list and sends the token it was given', async () => {
    const { client, seen } = clientThatSees({
      status: 200,
      body: { items: [], clusters: [] },
    });
    await client.listMembers({ cluster: 'lab' }, { token: 'shown-once' });
    expect(seen).toEqual([
      {
        url: 'http://backend.test/api/lattice/members?cluster=lab',
        authorization: 'Bearer shown-once',
      },
    ]);
  });

  it('throws what the backend said when it refuses', async () => {
    const { client } = clientThatSees({
      status: 404,
      body: {
        error: { name: 'NotFoundError', message: 'No such package' },
        response: { statusCode: 404 },
      },
    });
    await expect(
      client.getPackage({ cluster: 'lab', namespace: 'data', name: 'gone' }),
    ).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 404,
      cause: { name: 'NotFoundError' },
    });
  });

  it('leaves the resolving of the plugin address to the browser', async () => {
    const urls: string[] = [];
    const client = new LatticeClient({
      fetchApi: {
        fetch: async input => {
          urls.push(new Request(input).url);
          return Response.json({ items: [] });
        },
      },
    });
    await client.listClusters();
    expect(urls).toEqual(['plugin://lattice/clusters']);
  });
});
