import {
  JsonObject,
  KubernetesObject,
  LatticePackage,
  PackageConditions,
  PackageReasons,
  parsePackage,
  planSecrets,
  SecretPlan,
  substituteValues,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartCredentials,
  ReleaseMetadata,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { accessSecret, CedarDecision, installIntoNamespace } from '../cedar';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { Impersonation } from '../clusters/types';
import { freezeSecrets, resolveSecrets, SecretSource } from '../secrets';
import { invalidSpec } from './admissionGate';
import { dependenciesGate, dependentsOf, packageLookup } from './dependencies';
import { Fact } from './determineState';
import { observeHealth } from './observeHealth';
import { accountOf, PackageContext } from './packageContext';
import { Gate, PackageWorld, WantedRelease } from './PackageWorld';
import { PreparedChart } from './prepareChart';
import { readPullCredentials } from './pullCredentials';
import {
  describeInventoryObject,
  InventoryObject,
  inventoryOf,
  resourceKindOf,
} from './releaseInventory';
import { chartKeyOf } from './releaseLabels';
import { ReleaseStore } from './ReleaseStore';
import { scanGate } from './scanGate';

/** What one pass holds in memory and never writes anywhere: values and secrets. */
interface PassMemory {
  values?: JsonObject;
  secrets: readonly string[];
  sources: readonly SecretSource[];
  prepared?: PreparedChart;
}

const HELM_RELEASE_ANNOTATION = 'meta.helm.sh/release-name';

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
            remaining: await this.#remaining(this.world.releases?.[0]),
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
    const { metadata, spec } = this.pkg;
    const decisions = [
      ...plan.accesses.map(it => cedar.decide(accessSecret(metadata, it))),
      ...(spec.targetNamespace === metadata.namespace
        ? []
        : [cedar.decide(installIntoNamespace(metadata, spec.targetNamespace))]),
    ];
    const refused = decisions.filter(it => !it.isAllowed);
    if (refused.length > 0) {
      await this.#freeze(plan);
      return refusal(refused);
    }
    const ids = [...new Set(decisions.flatMap(it => it.policies))].sort();
    return {
      isOpen: true,
      reason: PackageReasons.Allowed,
      message:
        ids.length > 0
          ? `Permitted by ${ids.join(', ')}.`
          : 'Nothing that needs a permit.',
    };
  }

  /** A permit that was taken away stops the refresh; what runs, stays. */
  async #freeze(plan: SecretPlan): Promise<void> {
    const { client } = this.context.connection;
    await freezeSecrets({
      client,
      pkg: this.pkg,
      plan,
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
      (resource, key) => outcome.values.get(resource)?.get(key),
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
      haveSecretsMoved: haveMoved(this.pkg.status.secrets, outcome.sources),
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

  /** Objects of the last revision that still exist and belong to it. */
  async #remaining(last: ReleaseMetadata | undefined): Promise<string[]> {
    const record = last && (await this.releases.read(last));
    const objects = record
      ? inventoryOf(record.manifest, this.pkg.spec.targetNamespace)
      : [];
    const remaining: string[] = [];
    for (const object of objects) {
      if (!object.isKept && (await this.#isStillThere(object))) {
        remaining.push(describeInventoryObject(object));
      }
    }
    return remaining;
  }

  async #isStillThere(object: InventoryObject): Promise<boolean> {
    const key = object.namespace
      ? { namespace: object.namespace, name: object.name }
      : { name: object.name };
    try {
      const live = await this.context.connection.client.get(
        resourceKindOf(object),
        key,
        { as: this.as, signal: this.signal },
      );
      return (
        live?.metadata.annotations?.[HELM_RELEASE_ANNOTATION] ===
        this.pkg.metadata.name
      );
    } catch (error) {
      if (isClusterError(error, 'NotFound')) {
        return false; // The kind itself is not served any more.
      }
      throw error;
    }
  }
}

function refusal(refused: readonly CedarDecision[]): Gate {
  const hasError = refused.some(it => it.reason === 'PolicyError');
  return {
    isOpen: false,
    isStalled: !hasError,
    reason: hasError ? PackageReasons.PolicyError : PackageReasons.Denied,
    message: refused.map(it => it.message).join(' '),
  };
}

function secretsGate(plan: SecretPlan, staleMessage?: string): Gate {
  if (plan.externalSecrets.length === 0) {
    return {
      isOpen: true,
      reason: PackageReasons.NoSecrets,
      message: 'No secrets are referenced.',
    };
  }
  if (staleMessage !== undefined) {
    return {
      isOpen: true,
      reason: PackageReasons.Stale,
      message: `The last values are used: ${staleMessage}`,
    };
  }
  return {
    isOpen: true,
    reason: PackageReasons.Resolved,
    message:
      plan.valueReferences.length > 0
        ? 'All secrets are synced. Helm stores values in its release Secret; charts that take an existing Secret are better served by $secret.'
        : 'All secrets are synced.',
  };
}

function haveMoved(
  before: readonly SecretSource[],
  after: readonly SecretSource[],
): boolean {
  return before.some(old => {
    const current = after.find(it => it.name === old.name);
    return (
      current !== undefined && current.resourceVersion !== old.resourceVersion
    );
  });
}
