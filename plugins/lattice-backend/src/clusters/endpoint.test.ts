import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  endpointFromKubeconfig,
  endpointFromSettings,
  endpointInCluster,
} from './endpoint';
import { HttpTransport } from './HttpTransport';
import { answerStatus, ScriptedApiServer } from './ScriptedApiServer';

interface KubeconfigParts {
  readonly cluster?: object;
  readonly user?: object;
}

function kubeconfigText({ cluster, user }: KubeconfigParts): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } },
      { name: 'other', cluster: { server: 'https://other.example' } },
    ],
    users: [{ name: 'u', user: user ?? {} }],
    contexts: [
      { name: 'main', context: { cluster: 'c', user: 'u' } },
      { name: 'second', context: { cluster: 'other', user: 'u' } },
    ],
    'current-context': 'main',
  });
}

describe('endpoints', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'endpoint-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function aKubeconfig(parts: KubeconfigParts = {}): Promise<string> {
    const path = join(folder, 'config');
    await writeFile(path, kubeconfigText(parts));
    return path;
  }

  it('reads authority, client certificate and server name from a kubeconfig', async () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const path = await aKubeconfig({
      cluster: {
        'certificate-authority-data': base64('authority'),
        'tls-server-name': 'api',
      },
      user: {
        'client-certificate-data': base64('certificate'),
        'client-key-data': base64('key'),
      },
    });
    const endpoint = endpointFromKubeconfig(path);
    expect(endpoint.server.href).toBe('https://127.0.0.1:6443/');
    const { tls, authorization } = await endpoint.credentials();
    expect(authorization).toBeUndefined();
    expect([tls.ca, tls.cert, tls.key].map(String)).toEqual([
      'authority',
      'certificate',
      'key',
    ]);
    expect(tls).toMatchObject({ servername: 'api', rejectUnauthorized: true });
  });

  it('runs a credential plugin', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    const path = await aKubeconfig({
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: [
            '-e',
            `console.log(${JSON.stringify(JSON.stringify(credential))})`,
          ],
        },
      },
    });
    expect(await endpointFromKubeconfig(path).credentials()).toMatchObject({
      authorization: 'Bearer from-plugin',
    });
  });

  it('takes the context that was asked for, and no other', async () => {
    const path = await aKubeconfig();
    expect(endpointFromKubeconfig(path, 'second').server.hostname).toBe(
      'other.example',
    );
    expect(() => endpointFromKubeconfig(path, 'third')).toThrow(
      'the kubeconfig has no context "third"',
    );
  });

  it.each([
    ['proxy-url', { cluster: { 'proxy-url': 'http://p' } }, /proxy-url/],
    ['impersonation', { user: { as: 'admin' } }, /impersonates/],
    ['plain http', { cluster: { server: 'http://a.example' } }, /https/],
  ])('refuses a kubeconfig with %s', async (_name, parts, message) => {
    const path = await aKubeconfig(parts);
    expect(() => endpointFromKubeconfig(path)).toThrow(message);
  });

  it('names a file that cannot be read', () => {
    expect(() => endpointFromKubeconfig(join(folder, 'absent'))).toThrow(
      /absent cannot be read \(ENOENT\)/,
    );
  });

  it('says when this process runs in no cluster', () => {
    expect(() => endpointInCluster()).toThrow(/does not run inside a cluster/);
  });

  it('reads a rotated token again as soon as the old one is refused', async () => {
    const server = await ScriptedApiServer.start();
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'old\n');
    const transport = new HttpTransport(
      endpointFromSettings({ url: server.url, tokenFile }),
    );
    const ask = async () => {
      const response = await transport.request({ method: 'GET', path: '/x' });
      await response.body.dump();
      return server.requests.at(-1)?.headers.authorization;
    };
    expect(await ask()).toBe('Bearer old');
    await writeFile(tokenFile, 'new\n');
    expect(await ask()).toBe('Bearer old');
    server.once((_request, response) => answerStatus(response, 401, {}));
    expect(await ask()).toBe('Bearer old');
    expect(await ask()).toBe('Bearer new');
    await transport.close();
    await server.close();
  });
});
