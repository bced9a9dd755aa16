import {
  JsonObject,
  KubernetesObject,
  LatticePackage,
  lookupSecrets,
  PackageConditions,
  PackageReasons,
  parsePackage,
  planSecrets,
  SecretPlan,
  substituteValues,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ChartCredentials } from '@lattice-portal/backstage-plugin-lattice-node';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../clusters/detectEngines';
import { KINDS } from '../clusters/kinds';
import { Impersonation } from '../clusters/types';
import { freezeSecrets, resolveSecrets, SecretSource } from '../secrets';
import { invalidSpec } from './admissionGate';
import { authorizationGate } from './authorizationGate';
import { dependenciesGate, dependentsOf, packageLookup } from './dependencies';
import { Fact } from './PackageState';
import { observeHealth } from './observeHealth';
import { accountOf, PackageContext } from './packageContext';
import { Gate, PackageWorld, WantedRelease } from './PackageWorld';
import { PreparedChart } from './prepareChart';
import { readPullCredentials } from './pullCredentials';
import { chartKeyOf } from './releaseLabels';
import { ReleaseStore } from './ReleaseStore';
import { remainingObjects } from './remainingObjects';
import { scanGate } from './scanGate';
import { haveSecretsMoved, secretsGate } from './secretsGate';

/** What one pass holds in memory and never writes anywhere: values and secrets. */
interface PassMemory {
  values?: JsonObject;
  secrets: readonly string[];
  sources: readonly SecretSource[];
  prepared?: PreparedChart;
}

/** One pass over one package: looks at what the state machine asks for, and keeps what must stay in memory. */
export class PackagePass {
  readonly memory: PassMemory = { secrets: [], sources: [] };
  readonly as: Impersonation;
  readonly releases: ReleaseStore;

  constructor(
    private readonly context: PackageContext,
    public world: PackageWorld,
    readonly signal: AbortSignal,
  ) {
    const { pkg } = world;
    this.as = accountOf(pkg);
    this.releases = new ReleaseStore(
      context.connection.client,
      { namespace: pkg.spec.targetNamespace, name: pkg.metadata.name },
      this.as,
      signal,
    );
  }

  get pkg(): LatticePackage {
    return this.world.pkg;
  }

  /** Looks at one thing and adds it to the world. */
  async observe(fact: Fact): Promise<void> {
    this.world = { ...this.world, ...(await this.#observe(fact)) };
  }

  async #observe(fact: Fact): Promise<Partial<PackageWorld>> {
    switch (fact) {
      case 'releases':
        return { releases: await this.releases.history() };
      case 'authorization':
        return { authorization: await this.#authorize() };
      case 'dependencies':
        return { dependencies: this.#dependencies() };
      case 'secrets':
        return await this.#secrets();
      case 'chart':
        return { chart: await this.#chart() };
      case 'health':
        return await this.#health();
      case 'deletion':
        return { deletion: { dependents: this.#dependents() } };
      default:
        return {
          deletion: {
            dependents: this.world.deletion?.dependents ?? [],
            remaining: await this.#remaining(),
          },
        };
    }
  }

  /** The plan of secrets; its problems are those of the spec. */
  plan(): SecretPlan | Gate {
    const result = planSecrets(this.pkg, this.context.rules.secrets);
    if (result.ok) {
      return result.plan;
    }
    const needsStore = result.problems.some(it =>
      it.path.endsWith('.params.provider'),
    );
    return needsStore
      ? {
          ...invalidSpec(result.problems),
          reason: PackageReasons.NoDefaultStore,
        }
      : invalidSpec(result.problems);
  }

  async #authorize(): Promise<Gate> {
    const plan = this.plan();
    if ('isOpen' in plan) {
      return plan;
    }
    const { cedar } = this.context;
    const gate = authorizationGate(this.pkg, plan, cedar);
    // A start denies everything for a moment: freezing then would rewrite the ExternalSecrets of a whole fleet.
    if (!gate.isOpen && cedar.isComplete) {
      await this.#freeze();
    }
    return gate;
  }

  /** A permit that was taken away stops the refresh; what runs, stays. */
  async #freeze(): Promise<void> {
    const { client } = this.context.connection;
    await freezeSecrets({
      client,
      pkg: this.pkg,
      present: this.presentExternalSecrets(),
      signal: this.signal,
    });
  }

  /** ExternalSecrets of the package's namespaces, from the cache. */
  presentExternalSecrets(): KubernetesObject[] {
    const cache = this.context.connection.cache(KINDS.ExternalSecret);
    const { metadata, spec } = this.pkg;
    const namespaces = new Set([metadata.namespace, spec.targetNamespace]);
    return [...namespaces].flatMap(it => cache.list(it));
  }

  #dependencies(): Gate {
    const cache = this.context.connection.cache(KINDS.LatticePackage);
    return dependenciesGate(
      this.pkg,
      packageLookup(key => cache.get(key)),
    );
  }

  #dependents() {
    const { connection } = this.context;
    const namespaces = connection.cache(KINDS.Namespace);
    const others = connection
      .cache(KINDS.LatticePackage)
      .list()
      .map(it => parsePackage(it))
      .flatMap(it => (it.ok ? [it.value] : []));
    return dependentsOf(
      this.pkg,
      others,
      name =>
        namespaces.get({ name })?.metadata.deletionTimestamp !== undefined,
    );
  }

  async #secrets(): Promise<Partial<PackageWorld>> {
    const plan = this.plan();
    if ('isOpen' in plan) {
      return { secrets: plan };
    }
    const outcome = await resolveSecrets({
      client: this.context.connection.client,
      pkg: this.pkg,
      plan,
      as: this.as,
      mayUseStale: this.world.releases?.[0] !== undefined,
      signal: this.signal,
    });
    if (outcome.kind === 'unresolved') {
      const { reason, message } = outcome;
      return {
        secrets: { isOpen: false, isStalled: false, reason, message },
      };
    }
    const substituted = substituteValues(
      this.pkg.spec.values,
      lookupSecrets(outcome.values),
      path => plan.directiveNames[path],
      {
        'metadata.name': this.pkg.metadata.name,
        'metadata.namespace': this.pkg.metadata.namespace,
        'cluster.name': this.context.connection.name,
      },
    );
    if (!substituted.ok) {
      return { secrets: invalidSpec(substituted.problems) };
    }
    this.memory.values = substituted.values;
    this.memory.secrets = outcome.texts;
    this.memory.sources = outcome.sources;
    return {
      secrets: secretsGate(plan, outcome.staleMessage),
      haveSecretsMoved: haveSecretsMoved(
        this.pkg.status.secrets,
        outcome.sources,
      ),
      wanted: await this.#wanted(substituted.values),
    };
  }

  async #wanted(values: JsonObject): Promise<WantedRelease> {
    const digests = await this.context.digests(this.signal);
    return {
      chartKey: chartKeyOf(this.pkg),
      valuesDigest: digests.digest(values),
    };
  }

  async #chart(): Promise<Gate> {
    const { context, pkg, memory } = this;
    const { wanted } = this.world;
    if (!memory.values || !wanted) {
      throw new Error('The chart was asked for before the values were known.');
    }
    const prepared = await context.preparation.prepare({
      helm: context.helm,
      charts: context.charts,
      rules: {
        allowedRepositories: context.rules.admission.allowedRepositories,
        ...context.rules.charts,
        signal: this.signal,
      },
      readLogin: () => this.#pullCredentials(),
      pkg,
      values: memory.values,
      valuesDigest: wanted.valuesDigest,
      secrets: memory.secrets,
      isUpgrade: (this.world.releases?.length ?? 0) > 0,
      signal: this.signal,
    });
    if ('isOpen' in prepared) {
      return prepared;
    }
    memory.prepared = prepared;
    return scanGate(
      {
        pkg: pkg.metadata,
        targetNamespace: pkg.spec.targetNamespace,
        inspection: prepared.inspection,
        bringsCrds: this.appliesCrds(),
      },
      context.cedar,
    );
  }

  /** Whether the chart's own CRDs are applied before the coming operation. */
  appliesCrds(): boolean {
    const { crdPolicy } = this.pkg.spec;
    const isInstall = (this.world.releases?.length ?? 0) === 0;
    const isWanted = isInstall
      ? crdPolicy.install === 'Create'
      : crdPolicy.upgrade === 'CreateReplace';
    return isWanted && (this.memory.prepared?.chart.crds.length ?? 0) > 0;
  }

  async #pullCredentials(): Promise<{
    credentials?: ChartCredentials;
    ca?: string;
  }> {
    return await readPullCredentials(this.pkg.spec.chart, key =>
      this.context.connection.client.get(
        KINDS.Secret,
        { namespace: this.pkg.metadata.namespace, name: key },
        { as: this.as, signal: this.signal },
      ),
    );
  }

  async #health(): Promise<Partial<PackageWorld>> {
    const isReady = this.pkg.status.conditions.some(
      it => it.type === PackageConditions.Ready && it.status === 'True',
    );
    const { health, isEnrolled } = await observeHealth(
      this.context.connection,
      this.pkg,
      { isLive: !isReady, signal: this.signal },
    );
    return health.status === 'healthy' ? { health, isEnrolled } : { health };
  }

  async #remaining(): Promise<string[]> {
    const last = this.world.releases?.[0];
    const record = last && (await this.releases.read(last));
    if (last && !record) {
      throw new Error(
        `What is left of the release cannot be told: the record of revision ${last.revision} cannot be read.`,
      );
    }
    const { connection } = this.context;
    return await remainingObjects({
      client: connection.client,
      definitions: connection.cache(CUSTOM_RESOURCE_DEFINITIONS),
      manifest: record?.manifest ?? '',
      release: {
        namespace: this.pkg.spec.targetNamespace,
        name: this.pkg.metadata.name,
      },
      as: this.as,
      signal: this.signal,
    });
  }
}
