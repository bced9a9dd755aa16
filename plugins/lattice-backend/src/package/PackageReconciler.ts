import {
  KubernetesObject,
  PackageOperation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { deleteUnplannedSecrets, digestLabel } from '../secrets';
import { applyChartCrds } from './applyChartCrds';
import { determineState } from './determineState';
import { PackageState } from './PackageState';
import { firstWorld } from './firstWorld';
import { forbiddenStatus } from './forbiddenStatus';
import { HelmAnswer } from './HelmOperator';
import { letGoOfSecrets } from './letGoOfSecrets';
import { nextStep, OperateStep, PackageStep } from './nextStep';
import { intendedStatus, settledStatus } from './operationStatus';
import { PackageContext } from './packageContext';
import {
  addPackageFinalizer,
  removePackageFinalizer,
} from './packageFinalizer';
import { PackagePass } from './PackagePass';
import { isSameStatus, packageStatus, WrittenStatus } from './packageStatus';
import { readPackageObject } from './readPackageObject';
import { waitAfterAnswer } from './settleOperation';

/** When to look again. */
export interface PassResult {
  readonly requeueAfterMs?: number;
}

/** More looks than facts exist would mean that the state machine turns in a circle. */
const MAX_LOOKS = 16;
const AT_ONCE: PassResult = { requeueAfterMs: 10 };
const DENIED_WAIT_MS = 60_000;

/** Brings one package closer to what is wanted: look, determine, take one step. */
export class PackageReconciler {
  constructor(private readonly context: PackageContext) {}

  /** One pass. Writes nothing and starts nothing when all is as it should be. */
  async reconcile(key: string, signal: AbortSignal): Promise<PassResult> {
    const [namespace, name] = key.split('/');
    const object = await this.context.connection.client.get(
      KINDS.LatticePackage,
      { namespace, name },
      { signal },
    );
    const world = object && firstWorld(object, this.context);
    if (!object || !world) {
      return {};
    }
    const pass = new PackagePass(this.context, world, signal);
    try {
      return await this.#walk(object, pass);
    } catch (error) {
      if (isClusterError(error, 'Forbidden')) {
        return await this.#reportForbidden(object, pass, error.message);
      }
      throw error;
    }
  }

  async #walk(
    object: KubernetesObject,
    pass: PackagePass,
  ): Promise<PassResult> {
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const state = determineState(pass.world);
      const step = nextStep(state, pass.world.now);
      if (step.kind !== 'observe') {
        return await this.#take(object, pass, { state, step });
      }
      await pass.observe(step.fact);
    }
    throw new Error('The state machine does not come to a step.');
  }

  async #take(
    object: KubernetesObject,
    pass: PackagePass,
    { state, step }: { state: PackageState; step: PackageStep },
  ): Promise<PassResult> {
    switch (step.kind) {
      case 'claim':
        await addPackageFinalizer(
          this.context.connection.client,
          object,
          pass.signal,
        );
        return AT_ONCE;
      case 'settleOperation':
        return await this.#settle(object, pass, { state, last: step.last });
      case 'unlock':
        await pass.releases.unlock(step.last);
        return await this.#clearOperation(object, pass, state);
      case 'adoptDigest':
        await pass.releases.adoptDigest(
          step.last,
          digestLabel(pass.world.wanted?.valuesDigest ?? ''),
        );
        return AT_ONCE;
      case 'operate':
        return await this.#operate(object, pass, { state, step });
      case 'release':
        return await this.#release(object, pass);
      default:
        return await this.#rest(object, pass, { state, step });
    }
  }

  async #rest(
    object: KubernetesObject,
    pass: PackagePass,
    { state, step }: { state: PackageState; step: PackageStep },
  ): Promise<PassResult> {
    if (state.kind === 'gone') {
      return {};
    }
    const status = packageStatus(pass.world, state);
    await this.#writeStatus(
      object,
      withUsedSecrets(status, pass, state),
      pass.signal,
    );
    if (state.kind === 'inSync') {
      await this.#deleteSurplus(pass);
    }
    const { requeueAfterMs } = step as { requeueAfterMs?: number };
    return requeueAfterMs === undefined ? {} : { requeueAfterMs };
  }

  /** The record of intent first, then helm, then what the release records say of it. */
  async #operate(
    object: KubernetesObject,
    pass: PackagePass,
    { state, step }: { state: PackageState; step: OperateStep },
  ): Promise<PassResult> {
    const operation: PackageOperation = {
      id: this.context.newId(),
      verb: step.verb,
      fromRevision: step.fromRevision,
      expectedRevision:
        step.verb === 'uninstall' ? step.fromRevision : step.fromRevision + 1,
      startedAt: this.context.now().toISOString(),
    };
    const written = await this.#writeStatus(
      object,
      intendedStatus(pass.world, packageStatus(pass.world, state), {
        operation,
        spendsTry: step.spendsTry === true,
      }),
      pass.signal,
    );
    const answer = await this.#runHelm(pass, step);
    const releases = await pass.releases.history();
    pass.world = {
      ...pass.world,
      releases,
      pkg: readPackageObject(written)?.pkg ?? pass.pkg,
    };
    return await this.#settle(written, pass, {
      state,
      last: releases[0],
      answer,
    });
  }

  async #runHelm(pass: PackagePass, step: OperateStep): Promise<HelmAnswer> {
    pass.signal.throwIfAborted();
    if (!this.context.isLeader()) {
      throw new Error('Another process may act on this cluster now.');
    }
    const { memory, world } = pass;
    const isChange = step.verb === 'install' || step.verb === 'upgrade';
    if (isChange && memory.prepared && pass.appliesCrds()) {
      const problem = await applyChartCrds({
        client: this.context.connection.client,
        crds: memory.prepared.chart.crds,
        as: pass.as,
        signal: pass.signal,
      });
      if (problem) {
        return { didSucceed: false, message: problem };
      }
    }
    return await this.context.operator.run({
      pkg: pass.pkg,
      step,
      as: pass.as,
      secrets: memory.secrets,
      signal: pass.signal,
      ...(isChange
        ? {
            prepared: memory.prepared,
            wanted: world.wanted,
            values: memory.values,
          }
        : {}),
    });
  }

  async #settle(
    object: KubernetesObject,
    pass: PackagePass,
    ended: {
      state: PackageState;
      last: ReleaseMetadata | undefined;
      answer?: HelmAnswer;
    },
  ): Promise<PassResult> {
    const record = ended.last && (await pass.releases.read(ended.last));
    const status = settledStatus(
      pass.world,
      packageStatus(pass.world, ended.state),
      {
        last: ended.last,
        record,
        answer: ended.answer,
        digest: pass.memory.prepared?.chart.digest,
        sources: pass.memory.sources,
      },
    );
    await this.#writeStatus(object, status, pass.signal);
    const verb = pass.pkg.status.operation?.verb;
    return verb && ended.answer
      ? { requeueAfterMs: waitAfterAnswer(verb, ended.answer.didSucceed) }
      : AT_ONCE;
  }

  async #clearOperation(
    object: KubernetesObject,
    pass: PackagePass,
    state: PackageState,
  ): Promise<PassResult> {
    const { operation: _done, ...status } = packageStatus(pass.world, state);
    await this.#writeStatus(object, status, pass.signal);
    return AT_ONCE;
  }

  /** Everything of the package is gone, or stays by its own wish: its ExternalSecrets follow, then the object may go. */
  async #release(
    object: KubernetesObject,
    pass: PackagePass,
  ): Promise<PassResult> {
    await letGoOfSecrets(this.context, pass);
    await removePackageFinalizer(
      this.context.connection.client,
      object,
      pass.signal,
    );
    return {};
  }

  async #deleteSurplus(pass: PackagePass): Promise<void> {
    const plan = pass.plan();
    if (
      'isOpen' in plan ||
      !this.context.connection.cache(KINDS.ExternalSecret).isComplete
    ) {
      return;
    }
    await deleteUnplannedSecrets({
      client: this.context.connection.client,
      pkg: pass.pkg,
      plannedNames: new Set(plan.externalSecrets.map(it => it.name)),
      present: pass.presentExternalSecrets(),
      signal: pass.signal,
    });
  }

  async #reportForbidden(
    object: KubernetesObject,
    pass: PackagePass,
    message: string,
  ): Promise<PassResult> {
    const status = forbiddenStatus(pass.world, pass.as.user, message);
    await this.#writeStatus(object, status, pass.signal);
    return { requeueAfterMs: DENIED_WAIT_MS };
  }

  /** Writes only what differs, and only over what was read. */
  async #writeStatus(
    object: KubernetesObject,
    status: WrittenStatus,
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    if (isSameStatus(object.status, status)) {
      return object;
    }
    return await this.context.connection.client.replaceStatus(
      KINDS.LatticePackage,
      { ...object, status },
      { signal },
    );
  }
}

/** Which Secrets, at which version, the running revision uses: known for sure only while it is in sync. */
function withUsedSecrets(
  status: WrittenStatus,
  pass: PackagePass,
  state: PackageState,
): WrittenStatus {
  return state.kind === 'inSync'
    ? { ...status, secrets: pass.memory.sources }
    : status;
}
