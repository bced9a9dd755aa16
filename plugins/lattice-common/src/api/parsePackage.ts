import { z } from 'zod/v4';
import { PathSegment } from './fieldPath';
import { withoutNulls } from './json';
import { MESH_BLOCK_PATHS, meshBlockProblems } from './meshMember';
import { readSelector } from './parseMember';
import { JsonObject, ObjectKey, ParseResult } from './object';
import {
  ChartReference,
  LatticePackage,
  PackageSpec,
  SecretResource,
} from './packageModel';
import { Problems } from './problems';
import { readDuration } from './readDuration';
import { parsed, readFrame } from './readObject';
import { readReferences } from './readReferences';
import { readPackageStatus } from './readStatus';
import { packageSpecSchema } from './schemas/packageSchema';
import { secretParamsSchema } from './schemas/resourceSchema';
import { writtenPath, WrittenPaths } from './writtenPaths';

type WrittenSpec = z.output<typeof packageSpecSchema>;

/** Account that a package acts as when it names none. */
export const DEFAULT_SERVICE_ACCOUNT = 'lattice-packages';

/** Defaults of fields that a package need not set: the safe choice of each. */
export const PACKAGE_DEFAULTS = {
  timeoutSeconds: 300,
  progressDeadlineSeconds: 600,
  historyMax: 10,
  retries: 3,
} as const;

function readChart(
  written: WrittenSpec['chart'],
  to: Problems,
): ChartReference {
  const { repo, repository, ...rest } = written;
  const path = ['spec', 'chart'];
  if (repo !== undefined && repository !== undefined && repo !== repository) {
    to.add(
      [...path, 'repo'],
      'differs from repository, which is the same field: set one of them',
    );
  }
  if (repo === undefined && repository === undefined) {
    to.add(
      [...path, 'repository'],
      'is required (repo is accepted too): set the oci:// or https:// address of the chart repository',
    );
  }
  return { ...rest, repository: repository ?? repo ?? '' };
}

function readSecret(
  written: NonNullable<WrittenSpec['resources']>[string],
  path: readonly PathSegment[],
  to: Problems,
): SecretResource {
  const params =
    to.read(secretParamsSchema, withoutNulls(written.params ?? {}, []), [
      ...path,
      'params',
    ]) ?? {};
  return {
    type: 'secret',
    ...params,
    ...(written.id === undefined ? {} : { id: written.id }),
  };
}

function readResources(
  written: WrittenSpec['resources'],
  to: Problems,
): Record<string, SecretResource> {
  return Object.fromEntries(
    Object.entries(written ?? {})
      .filter(([, resource]) => resource.type === 'secret')
      .map(([name, resource]) => [
        name,
        readSecret(resource, ['spec', 'resources', name], to),
      ]),
  );
}

/** The `mesh` block as the spec of a member, read once as such so that its problems are found here. */
function readMesh(
  written: WrittenSpec['mesh'],
  home: ObjectKey,
  to: Problems,
): { mesh?: JsonObject; paths: WrittenPaths } {
  if (!written) {
    return { paths: {} };
  }
  const { selector, ...rest } = written;
  const read = readSelector(selector, ['spec', 'mesh', 'selector'], to);
  const mesh = {
    ...(rest as JsonObject),
    target: { selector: read.labels },
  };
  to.addAll(
    meshBlockProblems(mesh, home).map(({ path, message }) => ({
      path: writtenPath(MESH_BLOCK_PATHS, path),
      message,
    })),
  );
  return {
    mesh,
    paths:
      read.path.length > 3
        ? { 'spec.mesh.selector': 'spec.mesh.selector.matchLabels' }
        : {},
  };
}

function readCrdPolicy(
  written: WrittenSpec,
  to: Problems,
): PackageSpec['crdPolicy'] {
  const { install, upgrade } = written.crdPolicy ?? {};
  if (written.skipCrds && install === 'Create') {
    to.add(
      ['spec', 'skipCrds'],
      'contradicts crdPolicy.install, which says the opposite of the same thing: set one of them',
    );
  }
  return {
    install: install ?? (written.skipCrds ? 'Skip' : 'Create'),
    upgrade: upgrade ?? 'Skip',
  };
}

function readPolicies(written: WrittenSpec, to: Problems) {
  const { remediation = {} } = written;
  return {
    suspend: written.suspend ?? false,
    deletionPolicy: written.deletionPolicy ?? 'Delete',
    driftPolicy: written.driftPolicy ?? 'warn',
    conflictPolicy: written.conflictPolicy ?? 'Fail',
    crdPolicy: readCrdPolicy(written, to),
    adoption: written.adoption ?? 'None',
    remediation: {
      strategy: remediation.strategy ?? 'Rollback',
      retries: remediation.retries ?? PACKAGE_DEFAULTS.retries,
    },
    rotationPolicy: written.rotationPolicy ?? 'None',
    historyMax: written.historyMax ?? PACKAGE_DEFAULTS.historyMax,
    waitStrategy: written.waitStrategy ?? 'None',
  } as const;
}

function seconds(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : readDuration(text)) ?? fallback;
}

function readSpec(
  written: WrittenSpec,
  home: ObjectKey,
  to: Problems,
): { spec: PackageSpec; paths: WrittenPaths } {
  const keys = (field: 'dependsOn' | 'allowedDependents') =>
    readReferences(written[field], {
      home: home.namespace,
      wildcard: false,
      path: ['spec', field],
      to,
    }) as ObjectKey[];
  const targetNamespace = written.targetNamespace ?? home.namespace;
  const { mesh, paths } = readMesh(
    written.mesh,
    { namespace: targetNamespace, name: home.name },
    to,
  );
  const spec: PackageSpec = {
    chart: readChart(written.chart, to),
    values: (written.values ?? {}) as JsonObject,
    resources: readResources(written.resources, to),
    targetNamespace,
    dependsOn: keys('dependsOn'),
    allowedDependents: keys('allowedDependents'),
    serviceAccountName: written.serviceAccountName ?? DEFAULT_SERVICE_ACCOUNT,
    ...readPolicies(written, to),
    timeoutSeconds: seconds(written.timeout, PACKAGE_DEFAULTS.timeoutSeconds),
    progressDeadlineSeconds: seconds(
      written.progressDeadline,
      PACKAGE_DEFAULTS.progressDeadlineSeconds,
    ),
    ...(mesh ? { mesh } : {}),
  };
  return { spec, paths };
}

/** Fields of the reference that ask for something that Lattice never does. */
function unsupportedFields(written: WrittenSpec): readonly string[] {
  return (['createNamespace', 'propagate'] as const)
    .filter(field => written[field])
    .map(field => `spec.${field}`);
}

/**
 * Reads a LatticePackage in any of its public shapes. Never throws; problems name the field as it was written
 * and hold no value.
 */
export function parsePackage(raw: unknown): ParseResult<LatticePackage> {
  const to = new Problems();
  const frame = readFrame(raw, 'LatticePackage', to);
  const written = frame && to.read(packageSpecSchema, frame.spec, ['spec']);
  if (!frame || !written) {
    return parsed<LatticePackage>(undefined, to);
  }
  const shortRepo =
    written.chart.repository === undefined && written.chart.repo !== undefined;
  const { spec, paths } = readSpec(written, frame.metadata, to);
  return parsed<LatticePackage>(
    {
      metadata: frame.metadata,
      spec,
      status: readPackageStatus(frame.status),
      writtenPaths: {
        ...paths,
        ...(shortRepo ? { 'spec.chart.repository': 'spec.chart.repo' } : {}),
      },
      unsupportedFields: unsupportedFields(written),
    },
    to,
  );
}
