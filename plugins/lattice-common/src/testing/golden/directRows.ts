import { LatticeMember, MemberPort } from '../../api/memberModel';
import { parseService } from '../../api/parseService';
import { aMember } from '../manifests';
import { Golden } from './types';

function withPort(fields: Partial<MemberPort>): LatticeMember {
  const member = aMember();
  const [port] = member.spec.ports;
  return {
    ...member,
    spec: { ...member.spec, ports: [{ ...port, ...fields }] },
  };
}

function aServiceWith(ports: object, name = 'checkout'): LatticeMember {
  return read(name, { service: { ports } });
}

function anExternal(fields: object): LatticeMember {
  return read('checkout', {
    resources: { outside: { type: 'external-service', ...fields } },
  });
}

function read(name: string, workload: object): LatticeMember {
  const result = parseService({
    kind: 'LatticeService',
    metadata: { name, namespace: 'commerce' },
    spec: { workload },
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

/** Members that no schema has read, and services as the members that they stand for. */
export const directRows: Golden<
  | 'port-range'
  | 'port-name'
  | 'port-unique'
  | 'selector-syntax'
  | 'egress-entity'
  | 'egress-wide'
  | 'egress-in-cluster',
  LatticeMember
> = {
  'port-range': {
    passes: [
      ['the first port', withPort({ port: 1, servicePort: 1 })],
      ['the last port', withPort({ port: 65535, servicePort: 65535 })],
    ],
    finds: [
      ['port 0', withPort({ port: 0 }), ['port-range spec.ports[0].port']],
      [
        'a port above all',
        withPort({ port: 65536 }),
        ['port-range spec.ports[0].port'],
      ],
      [
        'part of a port',
        withPort({ port: 80.5 }),
        ['port-range spec.ports[0].port'],
      ],
      ['no number', withPort({ port: NaN }), ['port-range spec.ports[0].port']],
      [
        'a port of the Service',
        withPort({ servicePort: -1 }),
        ['port-range spec.ports[0].servicePort'],
      ],
    ],
  },
  'port-name': {
    passes: [
      ['15 characters', aServiceWith({ ['a'.repeat(15)]: { port: 1 } })],
    ],
    finds: [
      [
        '16 characters, which Kubernetes refuses for a Service',
        aServiceWith({ ['a'.repeat(16)]: { port: 1 } }),
        [`port-name spec.workload.service.ports.${'a'.repeat(16)}`],
      ],
      [
        'a dot, where the service writes it',
        aServiceWith({ 'a.b': { port: 1 } }),
        ['port-name spec.workload.service.ports["a.b"]'],
      ],
    ],
  },
  'port-unique': {
    passes: [
      [
        'two ports of a Service that lead to one container port',
        aServiceWith({
          http: { port: 80, targetPort: 8080 },
          web: { port: 8080 },
        }),
      ],
    ],
    finds: [
      [
        'a port of a Service twice, where it is written',
        aServiceWith({
          http: { port: 80, targetPort: 8080 },
          web: { port: 80, targetPort: 8081 },
        }),
        ['port-unique spec.workload.service.ports.web.port'],
      ],
    ],
  },
  'egress-entity': {
    passes: [
      ['the API server', anExternal({ id: 'entity:kube-apiserver:443' })],
    ],
    finds: [
      [
        'the cluster, of which no policy is made',
        anExternal({ id: 'entity:cluster' }),
        ['egress-entity spec.workload.resources.outside (warning)'],
      ],
    ],
  },
  'egress-wide': {
    passes: [
      [
        'a host',
        anExternal({ params: { endpoints: { a: 'https://a.example.com' } } }),
      ],
    ],
    finds: [
      [
        'the world',
        anExternal({ id: 'entity:world:443' }),
        ['egress-wide spec.workload.resources.outside (warning)'],
      ],
    ],
  },
  'egress-in-cluster': {
    passes: [
      [
        'a host',
        anExternal({
          params: { endpoints: { a: 'tcp://db.example.com:5432' } },
        }),
      ],
    ],
    finds: [
      [
        'a Service',
        anExternal({
          params: { endpoints: { a: 'http://stock.commerce.svc' } },
        }),
        ['egress-in-cluster spec.workload.resources.outside (warning)'],
      ],
    ],
  },
  'selector-syntax': {
    passes: [['63 characters', aServiceWith({}, 'a'.repeat(63))]],
    finds: [
      [
        'a name that is too long for the label that selects its pods',
        aServiceWith({}, 'a'.repeat(64)),
        ['selector-syntax metadata.name'],
      ],
    ],
  },
};
