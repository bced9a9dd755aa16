import { z } from 'zod/v4';
import { LatticeMember, MemberPort, ServiceRef } from './memberModel';
import { ObjectMeta, ParseResult } from './object';
import { Problems } from './problems';
import { parsed, readFrame } from './readObject';
import { readMemberStatus } from './readStatus';
import { resourceSchema } from './schemas/resourceSchema';
import { serviceSpecSchema } from './schemas/serviceSchema';

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

function asMember(
  metadata: ObjectMeta,
  spec: z.output<typeof serviceSpecSchema>,
  status: unknown,
): LatticeMember {
  const resources = spec.workload?.resources ?? {};
  const callers = side(resources, 'inbound', metadata.namespace);
  const dependencies = side(resources, 'outbound', metadata.namespace);
  const pathsOf = (field: string, list: NamedResource[]) =>
    list.map(({ key }, index) => [
      `spec.${field}[${index}]`,
      `spec.workload.resources.${key}`,
    ]);
  const ports = readPorts(spec.workload?.service?.ports ?? {});
  return {
    kind: 'LatticeService',
    metadata,
    spec: {
      target: { selector: { 'app.kubernetes.io/name': metadata.name } },
      ports,
      allowedCallers: callers.map(({ ref }) => ref),
      dependencies: dependencies.map(({ ref }) => ref),
      egress: [],
      allowPeerTraffic: false,
      dependsAll: false,
      serviceAccount: metadata.name,
      ambient: true,
    },
    status: readMemberStatus(status),
    writtenPaths: Object.fromEntries([
      ...pathsOf('allowedCallers', callers),
      ...pathsOf('dependencies', dependencies),
      ...ports.map(({ name }, index) => [
        `spec.ports[${index}]`,
        `spec.workload.service.ports.${name}`,
      ]),
    ]),
  };
}

/**
 * Reads a LatticeService as the member that it stands for: its own name as selector and account, callers and
 * dependencies from resources of type service, all ports Strict. Never throws.
 */
export function parseService(raw: unknown): ParseResult<LatticeMember> {
  const to = new Problems();
  const frame = readFrame(raw, 'LatticeService', to);
  const spec = frame && to.read(serviceSpecSchema, frame.spec, ['spec']);
  return parsed(
    frame && spec && asMember(frame.metadata, spec, frame.status),
    to,
  );
}
