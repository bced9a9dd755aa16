import { LoggerService } from '@backstage/backend-plugin-api';
import {
  KubernetesObject,
  parsePolicy,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { NOT_LISTED } from '../clusters/watchReasons';
import { ResourceCache } from '../clusters/types';
import {
  CedarDecision,
  DefaultCedarEngine,
  PolicySetState,
} from './CedarEngine';
import { readPolicyText } from './policyText';
import { CedarRequest } from './requests';

/** What a cluster's policies are made of. */
export interface PolicyStoreOptions {
  readonly cluster: string;
  readonly namespace: string;
  readonly configured: readonly {
    readonly id: string;
    readonly policy: string;
  }[];
  /** CedarPolicy objects; absent = only the configured ones count. */
  readonly cache?: ResourceCache;
  readonly logger: LoggerService;
}

/** Decides for one cluster, under the configured policies and its CedarPolicy objects. */
export interface CedarPolicies {
  decide(request: CedarRequest): CedarDecision;
  /** Why every question is denied, when the policies cannot be trusted. */
  readonly error: string | undefined;
  /** Whether the policies are read at all; what is denied for want of them may be permitted in a moment. */
  readonly isComplete: boolean;
  /** Whether the first list of policies is under way and nothing speaks against its end: a question asked now is early. */
  readonly isReading: boolean;
  /** Calls back after the set of policies changed. Returns an unsubscribe function. */
  onChange(listener: () => void): () => void;
}

/** Stands for a list that is not complete, where the collected state would stand. */
const INCOMPLETE = 'incomplete';

interface GoodText {
  readonly uid: string | undefined;
  readonly policies: Readonly<Record<string, string>>;
}

/**
 * Keeps the policies of one cluster current. An object that cannot be read keeps its last good text; without one, or
 * while the list of objects is not complete, every question is denied: the missing policy might be the forbid.
 */
export class PolicyStore implements CedarPolicies {
  readonly #engine: DefaultCedarEngine;
  readonly #lastGood = new Map<string, GoodText>();
  readonly #listeners = new Set<() => void>();
  #lastState = '';

  constructor(private readonly options: PolicyStoreOptions) {
    this.#engine = new DefaultCedarEngine(`lattice-${options.cluster}`);
    const { cache } = options;
    cache?.onChange(({ before, after }) => {
      if ((after ?? before)?.metadata.namespace === options.namespace) {
        this.#reload();
      }
    });
    cache?.onComplete?.(() => this.#reload());
    this.#reload();
  }

  get error(): string | undefined {
    return this.#completeness() ?? this.#engine.error;
  }

  get isComplete(): boolean {
    return this.#completeness() === undefined;
  }

  get isReading(): boolean {
    const error = this.options.cache?.error;
    return !this.isComplete && (error === undefined || error === NOT_LISTED);
  }

  decide(request: CedarRequest): CedarDecision {
    const incomplete = this.#completeness();
    if (incomplete !== undefined) {
      return {
        isAllowed: false,
        reason: 'PolicyError',
        policies: [],
        message: `Nobody may ${request.description}: ${incomplete}`,
      };
    }
    // A cache without onComplete may have become complete since the last change.
    if (this.#lastState === INCOMPLETE) {
      this.#reload();
    }
    return this.#engine.decide(request);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #completeness(): string | undefined {
    const { cache } = this.options;
    return cache && !cache.isComplete
      ? `the CedarPolicy objects of this cluster are not fully read (${
          cache.error ?? 'the first list is under way'
        }).`
      : undefined;
  }

  #reload(): void {
    const isIncomplete = this.#completeness() !== undefined;
    const state = isIncomplete ? undefined : this.#collect();
    const text = state ? JSON.stringify(state) : INCOMPLETE;
    if (text === this.#lastState) {
      return;
    }
    this.#lastState = text;
    if (state) {
      this.#engine.use(state);
      if (this.#engine.error) {
        this.options.logger.error(
          `Cedar policies of cluster ${
            this.options.cluster
          } are in error, every decision is a denial: ${this.#engine.error}`,
        );
      }
    }
    this.#listeners.forEach(listener => listener());
  }

  #collect(): PolicySetState {
    const policies: Record<string, string> = {};
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const { id, policy } of this.options.configured) {
      const read = readPolicyText(`config:${id}`, policy);
      if (seen.has(id)) {
        // The second would silently take the place of the first, which might be the forbid.
        problems.push(`config:${id}: two configured policies have this id.`);
      } else if (read.ok) {
        Object.assign(policies, read.policies);
      } else {
        problems.push(read.message);
      }
      seen.add(id);
    }
    const objects = this.options.cache?.list(this.options.namespace) ?? [];
    this.#forget(objects);
    for (const object of objects) {
      const read = this.#readObject(object);
      if (typeof read === 'string') {
        problems.push(read);
      } else {
        Object.assign(policies, read);
      }
    }
    return problems.length > 0
      ? { ok: false, message: problems.join('; ') }
      : { ok: true, policies };
  }

  #readObject(
    object: KubernetesObject,
  ): Readonly<Record<string, string>> | string {
    const { name, uid } = object.metadata;
    const source = `${this.options.namespace}/${name}`;
    const parsed = parsePolicy(object);
    if (parsed.ok && !parsed.value.enabled) {
      this.#lastGood.delete(name);
      return {};
    }
    const read = parsed.ok
      ? readPolicyText(source, parsed.value.policies)
      : {
          ok: false as const,
          message: `${source}: ${parsed.problems
            .map(it => `${it.path} ${it.message}`)
            .join('; ')}`,
        };
    if (read.ok) {
      this.#lastGood.set(name, { uid, policies: read.policies });
      return read.policies;
    }
    const good = this.#lastGood.get(name);
    if (good && good.uid === uid) {
      this.options.logger.warn(
        `CedarPolicy ${read.message} Its last good text stays in force.`,
      );
      return good.policies;
    }
    return read.message;
  }

  #forget(objects: readonly KubernetesObject[]): void {
    const names = new Set(objects.map(it => it.metadata.name));
    for (const name of this.#lastGood.keys()) {
      if (!names.has(name)) {
        this.#lastGood.delete(name);
      }
    }
  }
}
