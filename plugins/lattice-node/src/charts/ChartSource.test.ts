import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ChartReference } from '@lattice-portal/backstage-plugin-lattice-common';
import { ChartSource, createChartSource } from './ChartSource';
import { digestOf } from './registryClient';
import { packChart } from './__testUtils__/packChart';
import {
  ScriptedAnswer,
  ScriptedServer,
  startScriptedServer,
} from './__testUtils__/startScriptedServer';

const REPOSITORY = 'oci://registry.example.com/charts';
const archive = packChart('redis', '18.4.0', {
  'values.yaml': 'replicas: 1\n',
  'crds/thing.yaml': 'kind: CustomResourceDefinition\n',
});
const layerDigest = digestOf(archive);
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    layers: [
      {
        mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
        digest: layerDigest,
        size: archive.length,
      },
    ],
  }),
);

describe('createChartSource', () => {
  let server: ScriptedServer;
  let source: ChartSource;
  let answers: Record<string, ScriptedAnswer>;

  beforeEach(async () => {
    answers = {
      '/v2/mirror/redis/manifests/18.4.0': {
        headers: { 'docker-content-digest': digestOf(manifest) },
        body: manifest,
      },
      [`/v2/mirror/redis/blobs/${layerDigest}`]: { body: archive },
    };
    server = await startScriptedServer(url => answers[url]);
    source = createChartSource({
      cacheDirectory: path.join(server.directory, 'cache'),
    });
  });
  afterEach(async () => {
    await source.close();
    await server.stop();
  });

  function fetchRedis(
    change: Partial<ChartReference> = {},
    options: Partial<Parameters<ChartSource['fetch']>[1]> = {},
  ) {
    return source.fetch(
      { repository: REPOSITORY, name: 'redis', version: '18.4.0', ...change },
      {
        allowedRepositories: [REPOSITORY],
        mirrors: [
          {
            from: REPOSITORY,
            to: `oci://${server.host}/mirror`,
            caFile: server.caFile,
            passLogin: true,
          },
        ],
        ...options,
      },
    );
  }

  it('fetches a chart through a mirror, verified, and keeps it by content', async () => {
    const chart = await fetchRedis();
    expect(chart).toMatchObject({
      digest: layerDigest,
      manifestDigest: digestOf(manifest),
      metadata: { name: 'redis', version: '18.4.0', appVersion: '7.2' },
      defaultValues: 'replicas: 1\n',
    });
    expect(chart.crds).toHaveLength(1);
    expect(await readdir(path.dirname(chart.path))).toEqual([
      `${layerDigest.slice('sha256:'.length)}.tgz`,
    ]);
  });

  it('downloads an archive once, and asks for the manifest each time', async () => {
    await fetchRedis();
    await fetchRedis();
    const blobs = server.requests.filter(it => it.includes('/blobs/'));
    expect(blobs).toHaveLength(1);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    'oci://registry.example.com/other',
    'oci://registry.example.com/charts-evil',
    'oci://registry.example.com.evil.org/charts',
    'oci://registry.example.com:444/charts',
    'https://registry.example.com/charts',
    'oci://registry.example.com/charts/../other',
    'oci://user:pw@registry.example.com/charts',
    'file:///etc',
  ])('does not ask %s, which is not allowed', async repository => {
    await expect(fetchRedis({ repository })).rejects.toMatchObject({
      reason: 'NotAllowed',
    });
    expect(server.requests).toEqual([]);
  });

  it('answers a token challenge, with the login only for the own host', async () => {
    const manifestPath = '/v2/mirror/redis/manifests/18.4.0';
    const stored = answers;
    await server.stop();
    server = await startScriptedServer((url, request) => {
      if (url.startsWith('/token')) {
        return { body: JSON.stringify({ token: 't0k' }) };
      }
      return request.headers.authorization === 'Bearer t0k'
        ? stored[url]
        : {
            status: 401,
            headers: {
              'www-authenticate': `Bearer realm="https://${server.host}/token",service="r",scope="repository:mirror/redis:pull"`,
            },
          };
    });
    await fetchRedis({}, { credentials: { username: 'u', password: 'p' } });
    expect(server.requests.slice(0, 3)).toEqual([
      `GET ${manifestPath} -`,
      'GET /token?service=r&scope=repository%3Amirror%2Fredis%3Apull Basic dTpw',
      `GET ${manifestPath} Bearer t0k`,
    ]);
  });

  it.each([
    ['shows a mirror no login that is meant for the repository', false, '-'],
    ['shows it to a mirror that may see it', true, 'Basic dTpw'],
  ])('%s', async (_what, passLogin, seen) => {
    const stored = answers;
    await server.stop();
    server = await startScriptedServer((url, request) =>
      request.headers.authorization || !passLogin
        ? stored[url]
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    const to = `oci://${server.host}/mirror`;
    await fetchRedis(
      {},
      {
        credentials: { username: 'u', password: 'p' },
        ca: 'authorities of the repository',
        mirrors: [{ from: REPOSITORY, to, caFile: server.caFile, passLogin }],
      },
    );
    expect(server.requests.at(-1)).toMatch(new RegExp(`${seen}$`));
  });

  it('tells a mirror that asks for a login no more than that there is none', async () => {
    answers['/v2/mirror/redis/manifests/18.4.0'] = {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    };
    const to = `oci://${server.host}/mirror`;
    await expect(
      fetchRedis(
        {},
        {
          credentials: { username: 'u', password: 'p' },
          mirrors: [{ from: REPOSITORY, to, caFile: server.caFile }],
        },
      ),
    ).rejects.toMatchObject({ reason: 'AuthFailed' });
    expect(server.requests.join()).not.toContain('Basic');
  });

  it('says that a login is wrong without telling it', async () => {
    answers['/v2/mirror/redis/manifests/18.4.0'] = {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="x"' },
    };
    const failure = fetchRedis(
      {},
      { credentials: { username: 'u', password: 'hunter22' } },
    );
    await expect(failure).rejects.toMatchObject({ reason: 'AuthFailed' });
    await expect(failure).rejects.not.toThrow(/hunter22/);
  });

  it('does not take bytes that differ from their digest', async () => {
    answers[`/v2/mirror/redis/blobs/${layerDigest}`] = {
      body: packChart('redis', '18.4.0', { 'values.yaml': 'evil: 1' }),
    };
    await expect(fetchRedis()).rejects.toMatchObject({
      reason: 'DigestMismatch',
    });
  });

  it('holds a pin against manifest and archive', async () => {
    await expect(
      fetchRedis({ digest: digestOf(manifest) }),
    ).resolves.toMatchObject({ digest: layerDigest });
    await expect(fetchRedis({ digest: layerDigest })).resolves.toBeDefined();
    await expect(
      fetchRedis({ digest: `sha256:${'0'.repeat(64)}` }),
    ).rejects.toMatchObject({ reason: 'DigestMismatch' });
  });

  it('does not take an archive that names itself differently', async () => {
    answers['/v2/mirror/redis/manifests/18.4.1'] = { body: manifest };
    await expect(fetchRedis({ version: '18.4.1' })).rejects.toMatchObject({
      reason: 'Invalid',
    });
  });

  it('tells a chart that is missing from a registry that is down', async () => {
    await expect(fetchRedis({ version: '99.0.0' })).rejects.toMatchObject({
      reason: 'NotFound',
      isTransient: false,
    });
    answers['/v2/mirror/redis/manifests/18.4.0'] = { status: 503 };
    await expect(fetchRedis()).rejects.toMatchObject({
      reason: 'Unreachable',
      isTransient: true,
    });
    await server.stop();
    await expect(fetchRedis()).rejects.toMatchObject({
      reason: 'Unreachable',
    });
  });

  it('gives up on an archive that is too large', async () => {
    source = createChartSource({
      cacheDirectory: server.directory,
      maxArchiveBytes: 10,
    });
    await expect(fetchRedis()).rejects.toMatchObject({ reason: 'TooLarge' });
  });

  describe('with an https repository', () => {
    const indexOf = (url: string) =>
      `apiVersion: v1\nentries:\n  other:\n  - version: 1.0.0\n    urls: [x]\n  redis:\n  - version: 18.4.0\n    digest: ${layerDigest.slice(
        7,
      )}\n    urls:\n    - ${url}\ngenerated: "x"\n`;
    const https = () => ({ repository: `https://${server.host}/repo` });
    const rules = () => ({
      allowedRepositories: [`https://${server.host}/repo`],
      mirrors: [
        {
          from: `https://${server.host}/repo`,
          to: `https://${server.host}/repo`,
          caFile: server.caFile,
        },
      ],
    });

    it('reads the index and follows a relative archive', async () => {
      answers['/repo/index.yaml'] = { body: indexOf('redis-18.4.0.tgz') };
      answers['/repo/redis-18.4.0.tgz'] = { body: archive };
      await expect(fetchRedis(https(), rules())).resolves.toMatchObject({
        digest: layerDigest,
      });
    });

    it('does not follow an index to a host that is not listed', async () => {
      answers['/repo/index.yaml'] = { body: indexOf('https://evil.org/r.tgz') };
      await expect(fetchRedis(https(), rules())).rejects.toMatchObject({
        reason: 'NotAllowed',
      });
    });

    it('does not follow a redirect to another host or to plain http', async () => {
      for (const location of ['https://evil.org/x', 'http://127.0.0.1/x']) {
        answers['/repo/index.yaml'] = { status: 302, headers: { location } };
        await expect(fetchRedis(https(), rules())).rejects.toMatchObject({
          reason: 'NotAllowed',
        });
      }
    });
  });
});
