import {
  JsonObject,
  LatticePackage,
  PackageOperation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  Helm,
  HelmCommand,
  outputTail,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { CedarPolicies } from '../cedar';
import { ClusterConnection, Impersonation } from '../clusters/types';
import { guardReleaseWrites } from './guardReleaseWrites';
import { LABEL_INTERRUPTED, releaseLabels } from './releaseLabels';
import { OperateStep } from './nextStep';
import { WantedRelease } from './PackageWorld';
import { PreparedChart } from './prepareChart';

/** One operation, with everything that it needs in memory. */
export interface HelmOperation {
  readonly pkg: LatticePackage;
  readonly step: OperateStep;
  readonly as: Impersonation;
  /** For install and upgrade. */
  readonly prepared?: PreparedChart;
  readonly wanted?: WantedRelease;
  readonly values?: JsonObject;
  /** Texts to take out of what helm says. */
  readonly secrets: readonly string[];
  readonly signal?: AbortSignal;
}

/** What helm said, redacted. Whether it worked is told by the release records. */
export interface HelmAnswer {
  readonly didSucceed: boolean;
  readonly message: string;
}

/** Hooks after the change and waits come on top of helm's own limit, which counts for each of them. */
const LIMIT_FACTOR = 3;
const LIMIT_MARGIN_MS = 60_000;

/** Runs helm as the package's account, through an access that dies with the run. */
export class HelmOperator {
  constructor(
    private readonly connection: ClusterConnection,
    private readonly helm: Helm,
    private readonly cedar: CedarPolicies,
  ) {}

  async run(operation: HelmOperation): Promise<HelmAnswer> {
    const command = commandOf(operation);
    const access = await this.connection.openAccess(
      operation.as,
      guardReleaseWrites(operation.pkg, this.cedar),
    );
    try {
      const result = await this.helm.run(command, {
        kubeconfigPath: access.kubeconfigPath,
        signal: operation.signal,
        timeoutMs:
          operation.pkg.spec.timeoutSeconds * 1000 * LIMIT_FACTOR +
          LIMIT_MARGIN_MS,
        ...(operation.values
          ? { values: JSON.stringify(operation.values) }
          : {}),
      });
      const tail = outputTail(result.stderr, operation.secrets);
      return {
        didSucceed: result.exitCode === 0,
        message: result.timedOut ? `Helm took too long. ${tail}` : tail,
      };
    } finally {
      await access.close();
    }
  }
}

function commandOf(operation: HelmOperation): HelmCommand {
  const { pkg, step } = operation;
  const target = {
    release: pkg.metadata.name,
    namespace: pkg.spec.targetNamespace,
    timeoutSeconds: pkg.spec.timeoutSeconds,
  };
  if (step.verb === 'uninstall') {
    return { verb: 'uninstall', ...target, keepHistory: !step.purge };
  }
  const change = {
    ...target,
    serverSide: true,
    forceConflicts: pkg.spec.conflictPolicy === 'Force',
  };
  if (step.verb === 'rollback') {
    return {
      verb: 'rollback',
      ...change,
      revision: step.toRevision ?? 0,
      historyMax: pkg.spec.historyMax,
    };
  }
  return changeCommand(operation, change, step.verb);
}

function changeCommand(
  { pkg, prepared, wanted }: HelmOperation,
  change: Omit<
    Extract<HelmCommand, { verb: 'install' }>,
    'verb' | 'chartPath' | 'labels'
  >,
  verb: Exclude<PackageOperation['verb'], 'rollback' | 'uninstall'>,
): HelmCommand {
  if (!prepared || !wanted) {
    throw new Error(`helm ${verb} was asked for before the chart was prepared`);
  }
  const shared = {
    ...change,
    chartPath: prepared.chart.path,
    labels: releaseLabels(pkg, wanted),
    wait: pkg.spec.waitStrategy === 'Helm' || hasLateHooks(prepared),
  };
  return verb === 'install'
    ? { verb, ...shared }
    : {
        verb,
        ...shared,
        // Helm carries labels of the last revision over; `null` takes one off.
        labels: { ...shared.labels, [LABEL_INTERRUPTED]: 'null' },
        historyMax: pkg.spec.historyMax,
      };
}

/** Hooks that run after the change expect the workloads to be ready, which only helm itself can wait for. */
function hasLateHooks({ inspection }: PreparedChart): boolean {
  return inspection.hooks.some(hook =>
    hook.events.some(it => it === 'post-install' || it === 'post-upgrade'),
  );
}
