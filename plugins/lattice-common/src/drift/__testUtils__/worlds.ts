import { LatticeMember } from '../../api/memberModel';
import { JsonObject } from '../../api/object';
import { meshMemberOf } from '../../api/meshMember';
import { parseMember } from '../../api/parseMember';
import { parsePackage } from '../../api/parsePackage';
import { parseService } from '../../api/parseService';
import { InspectedService, InspectedWorkload } from '../chartInspection';
import { PackageOrigin, RenderedRelease, RunningPod } from '../types';

/** The package that most worlds are about. */
export const REDIS: PackageOrigin = {
  namespace: 'data',
  name: 'redis',
  chart: { name: 'redis', version: '18.4.0' },
};

/** A running pod of Redis, changed in places. */
export function aPod(change: Partial<RunningPod> = {}): RunningPod {
  return {
    namespace: 'data',
    name: 'redis-0',
    labels: { app: 'redis' },
    ports: [{ name: 'redis', port: 6379, protocol: 'TCP' }],
    serviceAccount: 'redis',
    owner: { kind: 'StatefulSet', name: 'redis' },
    package: REDIS,
    ...change,
  };
}

/** A workload of a rendered chart, changed in places. */
export function aWorkload(
  change: Partial<InspectedWorkload> = {},
): InspectedWorkload {
  return {
    kind: 'StatefulSet',
    name: 'redis',
    labels: { app: 'redis' },
    ports: [{ name: 'redis', port: 6379, protocol: 'TCP' }],
    serviceAccount: 'redis',
    hostNetwork: false,
    leavesMesh: [],
    ...change,
  };
}

/** A rendered release of these workloads. */
export function aRelease(
  workloads: readonly InspectedWorkload[],
  services: readonly InspectedService[] = [],
): RenderedRelease {
  return {
    package: REDIS,
    namespace: 'data',
    inspection: { workloads, services, hooks: [] },
  };
}

/** A manifest of a member that covers Redis. */
export function memberManifest(spec: JsonObject, name = 'redis'): JsonObject {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { namespace: 'data', name },
    spec: {
      target: { selector: { app: 'redis' } },
      ports: [{ port: 6379, name: 'redis' }],
      ...spec,
    },
  };
}

/** Reads a manifest as what it declares in the mesh; a package as its `mesh` block. */
export function declarationIn(manifest: JsonObject): LatticeMember {
  if (manifest.kind === 'LatticePackage') {
    const result = parsePackage(manifest);
    const member = result.ok ? meshMemberOf(result.value) : undefined;
    if (!member) {
      throw new Error(JSON.stringify(result));
    }
    return member;
  }
  const result =
    manifest.kind === 'LatticeService'
      ? parseService(manifest)
      : parseMember(manifest);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

/** A member that covers Redis. */
export function aMemberOf(
  spec: JsonObject = {},
  name = 'redis',
): LatticeMember {
  return declarationIn(memberManifest(spec, name));
}
