import { z } from 'zod/v4';
import { isRecord } from './json';
import { EgressRule, ExternalService } from './memberModel';
import { Problems } from './problems';
import { resourceSchema } from './schemas/resourceSchema';

type WrittenResource = z.output<typeof resourceSchema>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
};
const SCHEMES = ['http', 'https', 'tcp', 'udp', 'grpc'];
const ENDPOINT =
  /^(?:([a-z]+):\/\/)?(\[[0-9a-f:]+\]|[^[\]/:?#@\s]+)(?::([0-9]{1,5}))?(?:[/?#].*)?$/i;
const HOST =
  /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const ENTITY_PREFIX = 'entity:';
const ENTITY_PORT = 443;
const MAX_PORT = 65535;

/** An address is a network of one; anything else is a name. */
function targetOf(host: string): EgressRule['target'] | undefined {
  if (host.startsWith('[')) return { cidr: `${host.slice(1, -1)}/128` };
  if (IPV4.test(host)) return { cidr: `${host}/32` };
  return HOST.test(host) && !/^[0-9.]+$/.test(host)
    ? { fqdn: host.toLowerCase() }
    : undefined;
}

/** `https://api.example.com`, `tcp://db.example.com:5432`, `db.example.com:5432`. */
function readEndpoint(written: string): EgressRule | undefined {
  const [, scheme = 'tcp', host = '', port] = ENDPOINT.exec(written) ?? [];
  const name = scheme.toLowerCase();
  const target = targetOf(host);
  const number = port === undefined ? DEFAULT_PORTS[name] : Number(port);
  const isPort = number >= 1 && number <= MAX_PORT;
  if (!SCHEMES.includes(name) || !target || !isPort) return undefined;
  return {
    target,
    ports: [number],
    protocol: name === 'udp' ? 'UDP' : 'TCP',
  };
}

/** `entity:world:443`: one of Cilium's entities, with a port at the end or 443. */
function readEntity(id: string): EgressRule | undefined {
  const written = id.slice(ENTITY_PREFIX.length);
  const [, name = written, port] = /^(.*):([0-9]{1,5})$/.exec(written) ?? [];
  const number = port === undefined ? ENTITY_PORT : Number(port);
  return name !== '' && number >= 1 && number <= MAX_PORT
    ? { target: { entity: name }, ports: [number], protocol: 'TCP' }
    : undefined;
}

function egressOf(
  key: string,
  resource: WrittenResource,
  to: Problems,
): EgressRule[] {
  const path = ['spec', 'workload', 'resources', key];
  if (resource.id?.startsWith(ENTITY_PREFIX)) {
    const rule = readEntity(resource.id);
    if (!rule)
      to.add([...path, 'id'], 'must be entity:<name> or entity:<name>:<port>');
    return rule ? [rule] : [];
  }
  const endpoints = isRecord(resource.params?.endpoints)
    ? Object.entries(resource.params.endpoints)
    : [];
  if (endpoints.length === 0)
    to.add([...path, 'params', 'endpoints'], 'must name at least one endpoint');
  return endpoints.flatMap(([name, written]) => {
    const rule =
      typeof written === 'string' ? readEndpoint(written) : undefined;
    if (!rule)
      to.add(
        [...path, 'params', 'endpoints', name],
        'must be a URL such as https://api.example.com or tcp://db.example.com:5432; tcp, udp and grpc need a port',
      );
    return rule ?? [];
  });
}

type Resources = Readonly<Record<string, WrittenResource>>;

/** Keys of the resources that {@link readExternals} reads, in its order. */
export function externalKeys(resources: Resources): string[] {
  return Object.keys(resources)
    .filter(key => {
      const { type, direction } = resources[key];
      return type === 'external-service' && direction !== 'inbound';
    })
    .sort();
}

/** What a service calls outside the cluster, sorted by key. */
export function readExternals(
  resources: Resources,
  home: string,
  to: Problems,
): ExternalService[] {
  return externalKeys(resources).map(key => {
    const resource = resources[key];
    const isEntity = resource.id?.startsWith(ENTITY_PREFIX);
    return {
      name: isEntity ? key : resource.id ?? key,
      namespace: resource.namespace ?? home,
      egress: egressOf(key, resource, to),
    };
  });
}
