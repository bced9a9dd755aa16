import { GiteaIntegrationConfig } from '@backstage/integration';
import { GiteaAnswer, GiteaFailure } from './giteaFailure';

/** How to reach one repository of one Gitea. */
export interface GiteaClientOptions {
  readonly integration: GiteaIntegrationConfig;
  readonly owner: string;
  readonly repo: string;
  /** The user's own token; the integration's credentials when absent. */
  readonly token?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** A request below `/api/v1/repos/<owner>/<repo>`. */
export interface GiteaRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path segments; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What is being done, for the error: "read the branch main". */
  readonly purpose: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Talks to one repository. Credentials leave in the Authorization header to the integration's own address alone;
 * redirects are not followed, and no error repeats a header or a body beyond Gitea's own message.
 */
export class GiteaClient {
  readonly name: string;
  private readonly options: GiteaClientOptions;
  private readonly base: string;

  constructor(options: GiteaClientOptions) {
    const { integration, owner, repo } = options;
    this.options = options;
    this.name = `${owner}/${repo} on ${integration.host}`;
    const root = integration.baseUrl ?? `https://${integration.host}`;
    this.base = `${root}/api/v1/repos/${encodeURIComponent(
      owner,
    )}/${encodeURIComponent(repo)}`;
  }

  /** The answer's JSON. Throws a GiteaFailure for anything but success. */
  async send<T>(request: GiteaRequest): Promise<T> {
    const answer = await this.ask(request);
    if (!answer.ok) {
      throw await this.failure(request, answer);
    }
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** As `send`, but undefined when it does not exist. */
  async find<T>(request: GiteaRequest): Promise<T | undefined> {
    try {
      return await this.send<T>(request);
    } catch (error) {
      if (error instanceof GiteaFailure && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  private async ask(request: GiteaRequest): Promise<Response> {
    const send = this.options.fetch ?? fetch;
    const timeout = AbortSignal.timeout(
      this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    );
    const { signal } = this.options;
    const headers = this.headers();
    try {
      return await send(this.address(request), {
        method: request.method ?? 'GET',
        headers,
        body:
          request.body === undefined ? undefined : JSON.stringify(request.body),
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw GiteaFailure.unreachable(this.name, request.purpose, error);
    }
  }

  private address(request: GiteaRequest): string {
    const path = request.path
      .flatMap(part => part.split('/'))
      .map(encodeURIComponent);
    const query = new URLSearchParams(request.query ?? {}).toString();
    return `${[this.base, ...path].join('/')}${query ? `?${query}` : ''}`;
  }

  private headers(): Record<string, string> {
    return {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: this.authorization(),
    };
  }

  private authorization(): string {
    const { token, integration } = this.options;
    if (token) {
      return `token ${token}`;
    }
    const { username, password } = integration;
    if (!password) {
      throw GiteaFailure.noCredentials(integration.host);
    }
    return username
      ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
      : `token ${password}`;
  }

  private async failure(
    request: GiteaRequest,
    response: Response,
  ): Promise<GiteaFailure> {
    const text = await response.text();
    const answer: GiteaAnswer = {
      status: response.status,
      message: this.withoutSecrets(readMessage(text)),
    };
    return GiteaFailure.answered(this.name, request.purpose, answer);
  }

  private withoutSecrets(message: string): string {
    const { token, integration } = this.options;
    return [token, integration.password]
      .filter(secret => secret !== undefined && secret !== '')
      .reduce<string>(
        (text, secret) => text.replaceAll(`${secret}`, '***'),
        message,
      );
  }
}

function readMessage(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    const message =
      typeof parsed === 'object' && parsed !== null && 'message' in parsed
        ? `${parsed.message}`
        : '';
    return message.replace(/\s+/g, ' ').slice(0, 200);
  } catch {
    // Not JSON: a proxy's page, of no use to the reader.
    return '';
  }
}
