import { z } from 'zod/v4';
import { formatPath } from './fieldPath';
import { LatticeMember, MemberPort, ServiceRef } from './memberModel';
import { ObjectMeta, ParseResult } from './object';
import { Problems } from './problems';
import { externalKeys, readExternals } from './readExternals';
import { parsed, readFrame } from './readObject';
import { readMemberStatus } from './readStatus';
import { resourceSchema } from './schemas/resourceSchema';
import { serviceSpecSchema } from './schemas/serviceSchema';
import { WrittenPaths } from './writtenPaths';

type WrittenResource = z.output<typeof resourceSchema>;
type WrittenPorts = NonNullable<
  NonNullable<
    NonNullable<z.output<typeof serviceSpecSchema>['workload']>['service']
  >['ports']
>;

interface NamedResource {
  readonly key: string;
  readonly ref: ServiceRef;
}

function compareRefs(a: NamedResource, b: NamedResource): number {
  const left = `${a.ref.namespace ?? ''}/${a.ref.name}`;
  const right = `${b.ref.namespace ?? ''}/${b.ref.name}`;
  return left < right ? -1 : Number(left > right);
}

function refOf(
  key: string,
  resource: WrittenResource,
  home: string,
): ServiceRef {
  const name = resource.id ?? key;
  if (name === '*' && resource.namespace === undefined) {
    return { name };
  }
  return { name, namespace: resource.namespace ?? home };
}

/** Resources of type service in one direction, sorted. A bare wildcard swallows the rest. */
function side(
  resources: Record<string, WrittenResource>,
  direction: 'inbound' | 'outbound',
  home: string,
): NamedResource[] {
  const found = Object.entries(resources)
    .filter(([, resource]) => (resource.type ?? 'service') === 'service')
    .filter(([, { direction: written = 'outbound' }]) =>
      [direction, 'both'].includes(written),
    )
    .map(([key, resource]) => ({ key, ref: refOf(key, resource, home) }))
    .sort(compareRefs);
  const everyone = found.find(
    ({ ref }) => ref.name === '*' && ref.namespace === undefined,
  );
  return everyone ? [everyone] : found;
}

function readPorts(ports: WrittenPorts): MemberPort[] {
  return Object.entries(ports)
    .map(([name, { port, targetPort, protocol }]) => ({
      port: targetPort ?? port,
      servicePort: port,
      name,
      peerAuth: 'Strict' as const,
      protocol:
        protocol?.toUpperCase() === 'UDP' ? ('UDP' as const) : ('TCP' as const),
    }))
    .sort((a, b) => a.servicePort - b.servicePort);
}

/** Where a service writes what its member says. */
function pathsOfService(
  callers: readonly NamedResource[],
  dependencies: readonly NamedResource[],
  ports: readonly MemberPort[],
  writtenPorts: WrittenPorts,
): WrittenPaths {
  const references = (field: string, list: readonly NamedResource[]) =>
    list.map(({ key }, index) => [
      `spec.${field}[${index}]`,
      formatPath(['spec', 'workload', 'resources', key]),
    ]);
  return Object.fromEntries([
    ...references('allowedCallers', callers),
    ...references('dependencies', dependencies),
    ...ports.flatMap(({ name }, index) => {
      const at = `spec.ports[${index}]`;
      const written = formatPath([
        'spec',
        'workload',
        'service',
        'ports',
        name,
      ]);
      return [
        [at, written],
        [`${at}.name`, written],
        [`${at}.servicePort`, `${written}.port`],
        [
          `${at}.port`,
          writtenPorts[name].targetPort === undefined
            ? `${written}.port`
            : `${written}.targetPort`,
        ],
      ];
    }),
    ['spec.serviceAccount', 'metadata.name'],
    ['spec.target.selector', 'metadata.name'],
    ['spec.target.selector["app.kubernetes.io/name"]', 'metadata.name'],
  ]);
}

function pathsOfExternals(
  resources: Record<string, WrittenResource>,
): WrittenPaths {
  return Object.fromEntries(
    externalKeys(resources).map((key, index) => [
      `spec.externals[${index}]`,
      formatPath(['spec', 'workload', 'resources', key]),
    ]),
  );
}

function asMember(
  metadata: ObjectMeta,
  spec: z.output<typeof serviceSpecSchema>,
  status: unknown,
  to: Problems,
): LatticeMember {
  const resources = spec.workload?.resources ?? {};
  const externals = readExternals(resources, metadata.namespace, to);
  const callers = side(resources, 'inbound', metadata.namespace);
  const dependencies = side(resources, 'outbound', metadata.namespace);
  const writtenPorts = spec.workload?.service?.ports ?? {};
  const ports = readPorts(writtenPorts);
  return {
    kind: 'LatticeService',
    metadata,
    spec: {
      target: { selector: { 'app.kubernetes.io/name': metadata.name } },
      ports,
      allowedCallers: callers.map(({ ref }) => ref),
      dependencies: dependencies.map(({ ref }) => ref),
      egress: [],
      ...(externals.length > 0 ? { externals } : {}),
      allowPeerTraffic: false,
      dependsAll: false,
      serviceAccount: metadata.name,
      ambient: true,
    },
    status: readMemberStatus(status),
    writtenPaths: {
      ...pathsOfService(callers, dependencies, ports, writtenPorts),
      ...pathsOfExternals(resources),
    },
  };
}

/**
 * Reads a LatticeService as the member that it stands for: its own name as selector and account, callers and
 * dependencies from resources of type service, what it calls outside from those of type external-service, all ports
 * Strict. Never throws.
 */
export function parseService(raw: unknown): ParseResult<LatticeMember> {
  const to = new Problems();
  const frame = readFrame(raw, 'LatticeService', to);
  const spec = frame && to.read(serviceSpecSchema, frame.spec, ['spec']);
  return parsed(
    frame && spec && asMember(frame.metadata, spec, frame.status, to),
    to,
  );
}
