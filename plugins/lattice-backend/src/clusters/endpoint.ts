import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

/** TLS material of one connection. Never logged. */
export interface EndpointTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** What is shown to the API server. Never logged. */
export interface EndpointCredentials {
  readonly tls: EndpointTls;
  /** Value of the Authorization header. */
  readonly authorization?: string;
}

/** Where an API server is, and how to sign in. */
export interface ClusterEndpoint {
  readonly server: URL;
  /** Whoever answers is taken for the API server. */
  readonly skipsTlsVerification: boolean;
  /** Reads files or runs a credential plugin; may throw. */
  credentials(): Promise<EndpointCredentials>;
}

/** A bearer token, or the file that holds it. */
export interface TokenSource {
  /** The token, or what asks for the current one. */
  readonly token?: string | (() => Promise<string>);
  readonly tokenFile?: string;
}

/** Explicit form of an endpoint, for clusters that other configuration describes. */
export interface EndpointSettings extends TokenSource {
  readonly url: string;
  /** PEM, base64-encoded, as in a kubeconfig. */
  readonly caData?: string;
  readonly caFile?: string;
  readonly skipTlsVerify?: boolean;
}

/** Endpoint of the context of a kubeconfig file, including its exec plugins. */
export function endpointFromKubeconfig(
  path: string,
  context?: string,
): ClusterEndpoint {
  const config = loadKubeconfig(path);
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      throw new Error(`the kubeconfig has no context "${context}"`);
    }
    config.setCurrentContext(context);
  }
  return endpointFromConfig(config);
}

function loadKubeconfig(path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A parser's message quotes lines of the file, and those hold credentials.
    throw new Error(
      `the kubeconfig ${path} cannot be read (${code ?? 'not a kubeconfig'})`,
    );
  }
  return config;
}

/** Endpoint of the cluster that this process runs in. */
export function endpointInCluster(): ClusterEndpoint {
  if (!process.env.KUBERNETES_SERVICE_HOST) {
    throw new Error('this process does not run inside a cluster');
  }
  const config = new KubeConfig();
  config.loadFromCluster();
  return endpointFromConfig(config);
}

/** Endpoint from explicit settings. */
export function endpointFromSettings(
  settings: EndpointSettings,
): ClusterEndpoint {
  const server = checkedServer(settings.url);
  return {
    server,
    skipsTlsVerification: settings.skipTlsVerify ?? false,
    credentials: async () => ({
      tls: {
        ca: await authorityOf(settings),
        rejectUnauthorized: !settings.skipTlsVerify,
      },
      authorization: await bearerOf(settings),
    }),
  };
}

/** The same API server, signed in by a token alone: the client certificate of the other credential is not shown. */
export function endpointWithToken(
  endpoint: ClusterEndpoint,
  source: TokenSource,
): ClusterEndpoint {
  return {
    ...endpoint,
    async credentials() {
      const {
        cert: _cert,
        key: _key,
        ...tls
      } = (await endpoint.credentials()).tls;
      return { tls, authorization: await bearerOf(source) };
    },
  };
}

async function bearerOf({
  token,
  tokenFile,
}: TokenSource): Promise<string | undefined> {
  const known = typeof token === 'function' ? await token() : token;
  const value =
    known ?? (tokenFile ? (await readFile(tokenFile, 'utf8')).trim() : '');
  return value ? `Bearer ${value}` : undefined;
}

async function authorityOf(
  settings: EndpointSettings,
): Promise<Buffer | undefined> {
  if (settings.caData) {
    return Buffer.from(settings.caData, 'base64');
  }
  return settings.caFile ? await readFile(settings.caFile) : undefined;
}

function endpointFromConfig(config: KubeConfig): ClusterEndpoint {
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new Error('the kubeconfig names no current cluster');
  }
  if (cluster.proxyUrl) {
    throw new Error('a kubeconfig with proxy-url is not supported');
  }
  if (config.getCurrentUser()?.impersonateUser) {
    // Our own impersonation would replace it and thereby act with more rights than the file grants.
    throw new Error('a kubeconfig that impersonates a user is not supported');
  }
  return {
    server: checkedServer(cluster.server),
    skipsTlsVerification: cluster.skipTLSVerify ?? false,
    credentials: () => credentialsFromConfig(config),
  };
}

async function credentialsFromConfig(
  config: KubeConfig,
): Promise<EndpointCredentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = (options.headers ?? {}) as Record<string, string | undefined>;
  const basic = options.auth
    ? `Basic ${Buffer.from(options.auth).toString('base64')}`
    : undefined;
  return {
    tls: {
      ca: options.ca as Buffer | undefined,
      cert: options.cert as Buffer | string | undefined,
      key: options.key as Buffer | string | undefined,
      servername: options.servername,
      rejectUnauthorized: options.rejectUnauthorized ?? true,
    },
    authorization: headers.Authorization ?? basic,
  };
}

/** Credentials travel in clear over plain HTTP: only this machine may be reached that way. */
function checkedServer(url: string): URL {
  const server = new URL(url);
  const isLoopback =
    /^127(\.\d{1,3}){3}$/.test(server.hostname) ||
    server.hostname === '[::1]' ||
    server.hostname === 'localhost';
  if (
    server.protocol !== 'https:' &&
    !(server.protocol === 'http:' && isLoopback)
  ) {
    throw new Error('the API server must be reached over https');
  }
  return server;
}
