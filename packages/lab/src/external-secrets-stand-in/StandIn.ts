import { setTimeout as delay } from 'node:timers/promises';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../cluster/KubernetesClient.ts';
import { keyOf, watchObjects } from '../cluster/watchObjects.ts';
import type { Log } from '../parts/types.ts';
import { needsRefresh } from './needsRefresh.ts';
import type { SecretBackend } from './SecretBackend.ts';
import {
  EXTERNAL_SECRETS_PATH,
  syncExternalSecret,
} from './syncExternalSecret.ts';
import type { SyncContext } from './syncExternalSecret.ts';
import { targetName } from './types.ts';
import type { Condition, ExternalSecret, StoreRef } from './types.ts';
import { MANAGED_LABEL } from './wantedSecret.ts';

const API = '/apis/external-secrets.io/v1';
const TICK_MS = 200;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

type Retry = { at: number; delayMs: number };

/**
 * Stands in for the External Secrets operator, in the lab alone: keeps every ExternalSecret's Secret equal to what the
 * lab's folder of secrets holds. Real stores, generators, push secrets and most of the template language are not there.
 */
export class StandIn {
  private readonly client: KubernetesClient;
  private readonly context: SyncContext;
  private readonly log: Log;
  private readonly known = new Map<string, ExternalSecret>();
  private readonly waiting = new Set<string>();
  private readonly retries = new Map<string, Retry>();

  constructor(client: KubernetesClient, backend: SecretBackend, log: Log) {
    this.client = client;
    this.log = log;
    this.context = {
      client,
      now: Date.now,
      source: {
        get: key => backend.get(key),
        hasStore: (ref, namespace) => this.hasStore(ref, namespace),
      },
    };
  }

  /** Works until the signal aborts; `onReady` is called once, after the first complete list. */
  async run(signal: AbortSignal, onReady: () => void): Promise<void> {
    const onError = (error: unknown) =>
      this.log(`watch failed: ${describe(error)}`);
    const { client } = this;
    await Promise.all([
      watchObjects<ExternalSecret>({
        client,
        path: EXTERNAL_SECRETS_PATH,
        signal,
        onError,
        onListed: onReady,
        onEvent: ({ type, object }) => this.onExternalSecret(type, object),
      }),
      watchObjects<KubernetesObject>({
        client,
        path: '/api/v1/secrets',
        query: { labelSelector: `${MANAGED_LABEL}=true` },
        signal,
        onError,
        onEvent: ({ object }) => this.onSecret(object),
      }),
      ...['clustersecretstores', 'secretstores'].map(stores =>
        watchObjects<KubernetesObject>({
          client,
          path: `${API}/${stores}`,
          signal,
          onError,
          onEvent: ({ type, object }) => {
            if (type === 'present') {
              this.validateStore(stores, object).catch(onError);
            }
          },
        }),
      ),
      this.work(signal),
    ]);
  }

  private onExternalSecret(
    type: 'present' | 'gone',
    object: ExternalSecret,
  ): void {
    const key = keyOf(object);
    const before = this.known.get(key);
    if (type === 'gone') {
      this.known.delete(key);
      this.retries.delete(key);
      return;
    }
    this.known.set(key, object);
    if (before?.metadata.generation !== object.metadata.generation) {
      this.retries.delete(key);
    }
    this.waiting.add(key);
  }

  private onSecret(secret: KubernetesObject): void {
    for (const [key, externalSecret] of this.known) {
      const isTarget =
        externalSecret.metadata.namespace === secret.metadata.namespace &&
        targetName(externalSecret) === secret.metadata.name;
      if (isTarget) {
        this.waiting.add(key);
      }
    }
  }

  private async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = Date.now();
      for (const [key, externalSecret] of this.known) {
        const isDue =
          this.retries.has(key) || needsRefresh(externalSecret, now);
        if (isDue) {
          this.waiting.add(key);
        }
      }
      const due = [...this.waiting].filter(
        key => (this.retries.get(key)?.at ?? 0) <= now,
      );
      await Promise.all(due.map(key => this.sync(key)));
      await delay(TICK_MS, undefined, { signal }).catch(() => {});
    }
  }

  private async sync(key: string): Promise<void> {
    this.waiting.delete(key);
    const [namespace, name] = key.split('/');
    try {
      const externalSecret = await this.client.find<ExternalSecret>(
        `${API}/namespaces/${namespace}/externalsecrets/${name}`,
      );
      if (!externalSecret) {
        return;
      }
      const outcome = await syncExternalSecret(externalSecret, this.context);
      if (outcome.result === 'failed') {
        this.retryLater(key, outcome.cause);
      } else {
        this.retries.delete(key);
      }
      if (outcome.result === 'conflict') {
        this.waiting.add(key);
      }
    } catch (error) {
      this.retryLater(key, describe(error));
    }
  }

  private retryLater(key: string, cause: string): void {
    const before = this.retries.get(key)?.delayMs;
    const delayMs = before
      ? Math.min(before * 2, LAST_RETRY_MS)
      : FIRST_RETRY_MS;
    this.retries.set(key, { at: Date.now() + delayMs, delayMs });
    this.log(`${key}: ${cause}; again in ${delayMs / 1000} s`);
  }

  private async hasStore(
    { kind, name }: StoreRef,
    namespace: string,
  ): Promise<boolean> {
    const path =
      kind === 'ClusterSecretStore'
        ? `${API}/clustersecretstores/${name}`
        : `${API}/namespaces/${namespace}/secretstores/${name}`;
    return Boolean(name) && (await this.client.find(path)) !== undefined;
  }

  /** Every store is served from the same folder, so every store is valid. */
  private async validateStore(
    stores: string,
    store: KubernetesObject,
  ): Promise<void> {
    const { conditions = [] } = (store.status ?? {}) as {
      conditions?: Condition[];
    };
    if (conditions.some(({ type }) => type === 'Ready')) {
      return;
    }
    const { namespace, name } = store.metadata;
    const root = namespace ? `${API}/namespaces/${namespace}` : API;
    const ready: Condition = {
      type: 'Ready',
      status: 'True',
      reason: 'Valid',
      message: 'store validated',
      lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    await this.client.call('PUT', `${root}/${stores}/${name}/status`, {
      body: {
        ...store,
        status: { conditions: [ready], capabilities: 'ReadOnly' },
      },
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
