import { parseService } from './parseService';

function read(resource: Record<string, unknown>) {
  return parseService({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: { namespace: 'commerce', name: 'checkout' },
    spec: {
      workload: {
        resources: { out: { type: 'external-service', ...resource } },
      },
    },
  });
}

const endpoint = (url: unknown) => ({ params: { endpoints: { api: url } } });

describe('external services', () => {
  it.each([
    ['https://api.example.com', { fqdn: 'api.example.com' }, 443, 'TCP'],
    [
      'https://API.example.com:8443/v1',
      { fqdn: 'api.example.com' },
      8443,
      'TCP',
    ],
    ['http://example.com/a?b#c', { fqdn: 'example.com' }, 80, 'TCP'],
    ['tcp://db.example.com:5432', { fqdn: 'db.example.com' }, 5432, 'TCP'],
    ['grpc://rpc.example.com:50051', { fqdn: 'rpc.example.com' }, 50051, 'TCP'],
    ['udp://log.example.com:514', { fqdn: 'log.example.com' }, 514, 'UDP'],
    ['db.example.com:5432', { fqdn: 'db.example.com' }, 5432, 'TCP'],
    ['https://198.51.100.7', { cidr: '198.51.100.7/32' }, 443, 'TCP'],
    ['https://[2001:db8::1]', { cidr: '2001:db8::1/128' }, 443, 'TCP'],
  ])('reads %s', (url, target, port, protocol) => {
    expect(read(endpoint(url))).toMatchObject({
      ok: true,
      value: {
        spec: {
          externals: [
            {
              namespace: 'commerce',
              name: 'out',
              egress: [{ target, ports: [port], protocol }],
            },
          ],
        },
      },
    });
  });

  it.each([
    ['no port where the scheme has none', endpoint('tcp://db.example.com')],
    ['a port that is none', endpoint('https://example.com:0')],
    ['a port out of range', endpoint('https://example.com:65536')],
    ['an unknown scheme', endpoint('ftp://example.com')],
    ['a login in the URL', endpoint('https://me@example.com')],
    ['an address that is none', endpoint('https://198.51.100.300')],
    ['a wildcard', endpoint('https://*.example.com')],
    ['something that is no text', endpoint(7)],
    ['no endpoint', { params: { endpoints: {} } }],
    ['no params', {}],
    ['an entity without a name', { id: 'entity:' }],
  ])('refuses %s and names the field', (_, resource) => {
    const result = read(resource);
    expect(result.ok ? [] : result.problems).toMatchObject([
      { path: expect.stringMatching(/^spec\.workload\.resources\.out\./) },
    ]);
  });

  it.each([
    ['entity:world', 'world', 443],
    ['entity:world:8443', 'world', 8443],
    ['entity:kube-apiserver', 'kube-apiserver', 443],
  ])('reads the shorthand %s', (id, entity, port) => {
    expect(read({ id })).toMatchObject({
      value: {
        spec: {
          externals: [{ egress: [{ target: { entity }, ports: [port] }] }],
        },
      },
    });
  });

  it('leaves out what only calls in', () => {
    const result = read({
      ...endpoint('https://example.com'),
      direction: 'inbound',
    });
    expect(result.ok && result.value.spec.externals).toBeUndefined();
  });
});
