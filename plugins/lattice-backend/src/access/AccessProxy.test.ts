import { readFile, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect, Server } from 'node:net';
import { dirname } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { endpointFromSettings } from '../clusters/endpoint';
import { eventually } from '../clusters/eventually';
import { HttpTransport } from '../clusters/HttpTransport';
import { answerJson, ScriptedApiServer } from '../clusters/ScriptedApiServer';
import { AccessProxy } from './AccessProxy';
import { openClusterAccess } from './openClusterAccess';

const ACCOUNT = {
  user: 'system:serviceaccount:data:lattice-packages',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:data'],
};
const MAPS = '/api/v1/configmaps';

describe('AccessProxy', () => {
  let server: ScriptedApiServer;
  let transport: HttpTransport;
  let proxy: AccessProxy;
  let mayForward: boolean;
  let lossListeners: Array<() => void>;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.serve(MAPS);
    transport = new HttpTransport(
      endpointFromSettings({ url: server.url, token: 'controller-token' }),
    );
    proxy = new AccessProxy({ logger: mockServices.logger.mock() });
    mayForward = true;
    lossListeners = [];
  });

  afterEach(async () => {
    await proxy.close();
    await transport.close();
    await server.close();
  });

  const open = () =>
    proxy.open({
      cluster: 'one',
      transport,
      as: ACCOUNT,
      mayForward: () => mayForward,
      onLoss: listener => {
        lossListeners.push(listener);
        return () => lossListeners.splice(lossListeners.indexOf(listener), 1);
      },
    });

  const last = () => server.requests[server.requests.length - 1];

  /** Sends bytes exactly as given; a fetch would tidy them up. */
  function sendRaw(url: string, lines: string[]): Promise<string> {
    const { port, pathname } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('data', data => (answer += data));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      const text = lines.join('\r\n').replaceAll('NONCE', pathname.slice(1));
      socket.write(`${text}\r\nConnection: close\r\n\r\n`);
    });
  }

  it('listens anew after it could not listen', async () => {
    const listen = jest
      .spyOn(Server.prototype, 'listen')
      .mockImplementationOnce(function fail(this: Server) {
        process.nextTick(() => this.emit('error', new Error('EMFILE')));
        return this;
      });
    await expect(open()).rejects.toThrow('EMFILE');
    listen.mockRestore();
    expect((await open()).url).toMatch(/^http:/);
  });

  it('adds credential and impersonation, and counts', async () => {
    const session = await open();
    const answer = await fetch(`${session.url}${MAPS}?limit=1`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ items: [] });
    expect(last().url.search).toBe('?limit=1');
    expect(last().headers).toMatchObject({
      authorization: 'Bearer controller-token',
      'impersonate-user': ACCOUNT.user,
      'impersonate-group': ACCOUNT.groups.join(', '),
    });
    expect(session.requestCount).toBe(1);
  });

  it('lets a client name neither user nor group nor credential, however it writes them', async () => {
    const { url } = await open();
    await sendRaw(url, [
      `GET /NONCE${MAPS} HTTP/1.1`,
      'Host: x',
      'Authorization: Bearer stolen',
      'IMPERSONATE-user: system:admin',
      'Impersonate-Group: system:masters',
      'Impersonate-Group: other',
      'Impersonate-Uid: 1',
      'Impersonate-Extra-scopes: all',
      'X-Remote-User: system:admin',
      'X-Remote-Group: system:masters',
      'X-Forwarded-For: 10.0.0.1',
      'Cookie: a=b',
    ]);
    expect(Object.keys(last().headers).sort()).toEqual([
      'authorization',
      'connection',
      'host',
      'impersonate-group',
      'impersonate-user',
    ]);
    expect(last().headers['impersonate-user']).toBe(ACCOUNT.user);
    expect(last().headers['impersonate-group']).toBe(ACCOUNT.groups.join(', '));
    expect(last().headers.authorization).toBe('Bearer controller-token');
  });

  it('holds a write back until its guard has seen it, and hands it on as it came', async () => {
    const seen: object[] = [];
    const session = await proxy.open({
      cluster: 'one',
      transport,
      as: ACCOUNT,
      mayForward: () => true,
      guard: write => {
        seen.push(write);
        return write.name === 'bad' ? 'not this one' : undefined;
      },
    });
    const patch = (name: string, text: string) =>
      fetch(`${session.url}${MAPS}/${name}?force=true`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: text,
      });
    server.once((request, response) =>
      answerJson(response, 200, { body: request.body }),
    );
    const text = '{"data": {"a":  "1"}}';

    expect(await (await patch('good', text)).json()).toEqual({ body: text });
    const before = server.requests.length;
    const refused = await patch('bad', text);
    const unreadable = await patch('worse', '- hush');

    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      message: 'not this one',
    });
    expect(unreadable.status).toBe(403);
    expect(await unreadable.text()).not.toContain('hush');
    expect(server.requests).toHaveLength(before);
    expect(seen).toHaveLength(2);
    await fetch(`${session.url}${MAPS}`);
    expect(seen).toHaveLength(2);
  });

  it('hands on bodies of any length and form', async () => {
    const { url } = await open();
    for (const isChunked of [true, false]) {
      server.once((request, response) =>
        answerJson(response, 201, { length: request.body.length }),
      );
      const body = 'x'.repeat(300_000);
      const answer = await new Promise<string>((resolve, reject) => {
        const request = httpRequest(
          `${url}${MAPS}`,
          {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              ...(isChunked ? {} : { 'content-length': body.length }),
            },
          },
          response => {
            let text = '';
            response.on('data', data => (text += data));
            response.on('end', () => resolve(`${response.statusCode} ${text}`));
          },
        );
        request.on('error', reject);
        request.write(body.slice(0, 100_000));
        request.end(body.slice(100_000));
      });
      expect(answer).toBe('201 {"length":300000}');
      expect(last()).toMatchObject({ method: 'POST' });
    }
  });

  it('streams a watch, and ends it when either side goes away', async () => {
    const { url } = await open();
    const abort = new AbortController();
    const watch = await fetch(`${url}${MAPS}?watch=true&resourceVersion=1`, {
      signal: abort.signal,
    });
    const reader = watch.body!.getReader();
    server.put(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'b' },
    });
    const chunk = await reader.read();
    expect(Buffer.from(chunk.value!).toString()).toContain('"ADDED"');
    abort.abort();
    await eventually(() => expect(server.watchCount).toBe(0));
  });

  it('cuts what is under way when it is closed, and forgets the way', async () => {
    const session = await open();
    const watch = await fetch(
      `${session.url}${MAPS}?watch=true&resourceVersion=1`,
    );
    session.close();
    await expect(watch.text()).rejects.toThrow();
    expect((await fetch(`${session.url}${MAPS}`)).status).toBe(404);
    await eventually(() => expect(server.watchCount).toBe(0));
  });

  it('cuts what is under way when the process may not act any more', async () => {
    const session = await open();
    const watch = await fetch(
      `${session.url}${MAPS}?watch=true&resourceVersion=1`,
    );
    lossListeners.forEach(listener => listener());
    await expect(watch.text()).rejects.toThrow();
    await eventually(() => expect(server.watchCount).toBe(0));
    session.close();
    expect(lossListeners).toEqual([]);
  });

  it('knows no other nonce and no other path', async () => {
    const { url } = await open();
    const { origin, pathname } = new URL(url);
    const other = pathname.slice(0, -1) + (pathname.endsWith('A') ? 'B' : 'A');
    for (const path of ['/', MAPS, other + MAPS, `${pathname}x${MAPS}`]) {
      expect((await fetch(origin + path)).status).toBe(404);
    }
    for (const target of [
      `/NONCE/../NONCE${MAPS}`,
      '/NONCE/%2e%2E/api',
      '/NONCE/a/..%2f..',
      `http://other.example/NONCE${MAPS}`,
      '*',
      '/NONCE',
    ]) {
      const answer = await sendRaw(url, [
        `${target === '*' ? 'OPTIONS' : 'GET'} ${target} HTTP/1.1`,
        'Host: x',
      ]);
      expect(answer).toMatch(/^HTTP\/1.1 404 /);
    }
    expect(server.requests).toEqual([]);
  });

  it('forwards nothing once the process may not act any more', async () => {
    const session = await open();
    mayForward = false;
    const answer = await fetch(`${session.url}${MAPS}`, { method: 'DELETE' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ kind: 'Status', code: 503 });
    expect(server.requests).toEqual([]);
    expect(session.requestCount).toBe(0);
  });

  it('refuses to become a tunnel', async () => {
    const { url } = await open();
    const upgrade = await sendRaw(url, [
      `GET /NONCE${MAPS} HTTP/1.1`,
      'Host: x',
      'Upgrade: SPDY/3.1',
      'Connection: Upgrade',
    ]);
    expect(upgrade).toMatch(/^HTTP\/1.1 501 /);
    const tunnel = await sendRaw(url, [
      'CONNECT 127.0.0.1:22 HTTP/1.1',
      'Host: x',
    ]);
    expect(tunnel).toMatch(/^HTTP\/1.1 405 /);
    expect(server.requests).toEqual([]);
  });

  it('says that the API server is away', async () => {
    const { url } = await open();
    await server.close();
    expect((await fetch(`${url}${MAPS}`)).status).toBe(502);
    server = await ScriptedApiServer.start();
  });

  it('listens on loopback alone, once', async () => {
    const [one, two] = [await open(), await open()];
    expect(new URL(one.url).host).toBe(new URL(two.url).host);
    expect(new URL(one.url).hostname).toBe('127.0.0.1');
    expect(new URL(one.url).pathname).not.toBe(new URL(two.url).pathname);
  });

  describe('openClusterAccess', () => {
    const grant = () => ({
      cluster: 'one',
      transport,
      as: ACCOUNT,
      mayForward: () => mayForward,
    });

    it('writes a kubeconfig for this user alone that holds the URL and no secret', async () => {
      const access = await openClusterAccess(proxy, grant());
      const text = await readFile(access.kubeconfigPath, 'utf8');
      expect(text).not.toContain('controller-token');
      const config = JSON.parse(text);
      expect(config.users[0].user).toEqual({});
      expect((await stat(access.kubeconfigPath)).mode & 0o777).toBe(0o600);
      const folder = dirname(access.kubeconfigPath);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      await fetch(`${config.clusters[0].cluster.server}${MAPS}`);
      expect(access.requestCount).toBe(1);
      await access.close();
      await expect(stat(folder)).rejects.toThrow(/ENOENT/);
      await access.close();
    });
  });
});
