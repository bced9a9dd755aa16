import { LatticeMember } from './memberModel';
import { parseService } from './parseService';
import { parsePolicy } from './parsePolicy';

function aService(workload: unknown): LatticeMember {
  const result = parseService({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: { name: 'checkout', namespace: 'commerce' },
    spec: { workload, deploy: { strategy: 'rolling' } },
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

describe('parseService', () => {
  it('stands for a member of its own name', () => {
    const { kind, spec } = aService({
      containers: { main: { image: 'x' } },
      resources: {
        redis: { type: 'service', direction: 'outbound', namespace: 'data' },
        frontend: { direction: 'inbound' },
        ledger: { type: 'service', direction: 'both', id: 'ledger-api' },
        plain: {},
        creds: { type: 'secret', direction: 'inbound' },
      },
      service: {
        ports: {
          http: { port: 80, targetPort: 8080 },
          dns: { port: 53, protocol: 'UDP' },
        },
      },
    });
    expect(kind).toBe('LatticeService');
    expect(spec).toEqual({
      target: { selector: { 'app.kubernetes.io/name': 'checkout' } },
      ports: [
        {
          port: 53,
          servicePort: 53,
          name: 'dns',
          peerAuth: 'Strict',
          protocol: 'UDP',
        },
        {
          port: 8080,
          servicePort: 80,
          name: 'http',
          peerAuth: 'Strict',
          protocol: 'TCP',
        },
      ],
      allowedCallers: [
        { name: 'frontend', namespace: 'commerce' },
        { name: 'ledger-api', namespace: 'commerce' },
      ],
      dependencies: [
        { name: 'ledger-api', namespace: 'commerce' },
        { name: 'plain', namespace: 'commerce' },
        { name: 'redis', namespace: 'data' },
      ],
      egress: [],
      allowPeerTraffic: false,
      dependsAll: false,
      serviceAccount: 'checkout',
      ambient: true,
    });
  });

  it('lets the bare wildcard swallow the other callers', () => {
    const { spec } = aService({
      resources: {
        everyone: { direction: 'inbound', id: '*' },
        frontend: { direction: 'inbound' },
      },
    });
    expect(spec.allowedCallers).toEqual([{ name: '*' }]);
  });

  it('reads a service that declares nothing', () => {
    expect(aService(undefined).spec.ports).toEqual([]);
  });

  it('remembers where each declaration stands', () => {
    const { writtenPaths } = aService({
      resources: { redis: { namespace: 'data' } },
    });
    expect(writtenPaths).toMatchObject({
      'spec.dependencies[0]': 'spec.workload.resources.redis',
      'spec.target.selector': 'metadata.name',
      'spec.serviceAccount': 'metadata.name',
    });
  });

  it('names the port that was written, and keys that need quotes', () => {
    const { writtenPaths } = aService({
      resources: { 'redis.cache': { namespace: 'data' } },
      service: { ports: { http: { port: 80, targetPort: 8080 } } },
    });
    expect(writtenPaths).toMatchObject({
      'spec.dependencies[0]': 'spec.workload.resources["redis.cache"]',
      'spec.ports[0].port': 'spec.workload.service.ports.http.targetPort',
      'spec.ports[0].servicePort': 'spec.workload.service.ports.http.port',
    });
  });
});

describe('parsePolicy', () => {
  it('is enabled unless it says otherwise', () => {
    const policy = (spec: object) =>
      parsePolicy({
        kind: 'CedarPolicy',
        metadata: { name: 'p', namespace: 'lattice-system' },
        spec,
      });
    expect(policy({ policies: 'x' })).toMatchObject({
      ok: true,
      value: { policies: 'x', enabled: true },
    });
    expect(policy({ policies: 'x', enabled: false })).toMatchObject({
      value: { enabled: false },
    });
    expect(policy({})).toEqual({
      ok: false,
      problems: [{ path: 'spec.policies', message: 'is required' }],
    });
  });
});
