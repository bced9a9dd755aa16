import {
  ANNOTATION_SOURCE,
  Condition,
  derivePhase,
  FieldProblem,
  findCondition,
  KubernetesObject,
  LatticePackage,
  ObjectKey,
  PackageDetail,
  PackagePhase,
  PackageSummary,
  SecretDefaults,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { readInventoryEntry } from '../package/releaseInventory';
import { PackageRecord } from './FleetRecord';
import { packageStages } from './packageStages';
import { secretRows } from './secretRows';

const NOT_SEEN_YET = 'The controller has not seen this version of it yet.';

/** Conditions whose failure explains a package, in the order in which they block each other. */
const EXPLAINING = [
  'Authorized',
  'DependenciesReady',
  'SecretsResolved',
  'ChartAvailable',
  'Released',
  'Healthy',
];

/** The row of a package in a list. A package that cannot be read is a row as well: it has failed, and why. */
export function packageSummary(record: PackageRecord): PackageSummary {
  const { cluster, namespace, name, owner } = record;
  const identity = {
    cluster,
    namespace,
    name,
    ...(owner !== undefined && { owner }),
    ...(record.object.metadata.creationTimestamp !== undefined && {
      createdAt: record.object.metadata.creationTimestamp,
    }),
  };
  if (!record.parsed.ok) {
    return {
      ...identity,
      ...unreadChart(record.object),
      phase: 'Failed',
      message: describeProblems(record.parsed.problems),
      suspended: false,
    };
  }
  const pkg = record.parsed.value;
  const { chart, release } = pkg.status;
  const message = packageMessage(pkg);
  return {
    ...identity,
    chart: pkg.spec.chart.name,
    repository: pkg.spec.chart.repository,
    version: pkg.spec.chart.version,
    ...(chart && { runningVersion: chart.version }),
    ...(release && { revision: release.revision }),
    phase: packagePhase(pkg),
    ...(message !== undefined && { message }),
    suspended: pkg.spec.suspend,
  };
}

/** The whole picture of a package. `members` are those that its caller may see. */
export function packageDetail(
  record: PackageRecord,
  context: { secrets: SecretDefaults; members: readonly ObjectKey[] },
): PackageDetail {
  const source = record.object.metadata.annotations?.[ANNOTATION_SOURCE];
  const shared = {
    ...packageSummary(record),
    members: context.members,
    ...(source !== undefined && { source }),
  };
  if (!record.parsed.ok) {
    return {
      ...shared,
      targetNamespace: record.namespace,
      conditions: [],
      stages: [
        {
          name: 'Validated',
          state: 'failed',
          message: describeProblems(record.parsed.problems),
        },
      ],
      secrets: [],
      history: [],
      objects: [],
    };
  }
  const pkg = record.parsed.value;
  return {
    ...shared,
    targetNamespace: pkg.spec.targetNamespace,
    conditions: pkg.status.conditions,
    stages: packageStages(pkg),
    secrets: secretRows(pkg, context.secrets),
    history: pkg.status.history,
    objects: pkg.status.inventory.flatMap(inventoryObject),
  };
}

/** What is wrong with an object, in one line. */
export function describeProblems(problems: readonly FieldProblem[]): string {
  return problems
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join('; ');
}

/**
 * Whether the controller has not spoken yet about the generation that is wanted now. Until a pass is through,
 * only the condition Ready carries the generation that it looked at.
 */
export function isBehind(object: {
  metadata: { generation?: number };
  status: {
    observedGeneration: number;
    conditions: readonly Condition[];
  };
}): boolean {
  const { generation } = object.metadata;
  const { observedGeneration, conditions } = object.status;
  const ready = findCondition(conditions, 'Ready')?.observedGeneration ?? -1;
  return (
    generation !== undefined && Math.max(observedGeneration, ready) < generation
  );
}

function packagePhase(pkg: LatticePackage): PackagePhase {
  const isDeleting = pkg.metadata.deletionTimestamp !== undefined;
  const phase =
    (isDeleting ? undefined : pkg.status.phase) ??
    derivePhase(pkg.status.conditions, isDeleting);
  return phase === 'Ready' && isBehind(pkg) ? 'Progressing' : phase;
}

function packageMessage(pkg: LatticePackage): string | undefined {
  if (isBehind(pkg)) {
    return NOT_SEEN_YET;
  }
  const find = (type: string): Condition | undefined =>
    findCondition(pkg.status.conditions, type);
  const stalled = find('Stalled');
  if (stalled?.status === 'True') {
    return stalled.message;
  }
  const failing = EXPLAINING.map(find).find(
    condition => condition?.status === 'False',
  );
  return (failing ?? find('Ready'))?.message;
}

function inventoryObject(
  entry: LatticePackage['status']['inventory'][number],
): PackageDetail['objects'][number][] {
  const object = readInventoryEntry(entry);
  if (!object) {
    return [];
  }
  const { kind, namespace, name } = object;
  return [{ kind, name, ...(namespace !== undefined && { namespace }) }];
}

function unreadChart(
  object: KubernetesObject,
): Pick<PackageSummary, 'chart' | 'repository' | 'version'> {
  const chart = recordAt(recordAt(object, 'spec'), 'chart');
  const text = (key: string) => {
    const value = chart[key];
    return typeof value === 'string' ? value : '';
  };
  return {
    chart: text('name'),
    repository: text('repository') || text('repo'),
    version: text('version'),
  };
}

function recordAt(value: unknown, key: string): Record<string, unknown> {
  const held =
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)[key]
      : undefined;
  return typeof held === 'object' && held !== null
    ? (held as Record<string, unknown>)
    : {};
}
