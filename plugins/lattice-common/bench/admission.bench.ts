/**
 * What admission costs: an object as it comes from the API server, read and held against every rule. The target is
 * under 50 us for each, also for large ones.
 */
import {
  AdmissionRules,
  checkMember,
  checkPackage,
  DEFAULT_PROTECTED_NAMESPACES,
  LatticeMember,
  LatticePackage,
  parseMember,
  parsePackage,
  parseService,
  ParseResult,
  Violation,
} from '../src';
import { Case, Suite } from './measure';

const RULES: AdmissionRules = {
  allowedRepositories: Array.from(
    { length: 20 },
    (_, index) => `oci://registry-${index}.example.com/charts`,
  ),
  protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
  platformObjects: ['kube-system/metrics'],
};

const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

const metadata = (name: string) => ({
  name,
  namespace: 'data',
  uid: '8d1e3f6e-0000-4000-8000-000000000000',
  generation: 3,
  resourceVersion: '12345',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { 'app.kubernetes.io/managed-by': 'git', team: 'data' },
  annotations: { 'lattice.dev/source': 'url:https://git.example.com/x' },
  finalizers: ['portal.lattice.dev/package'],
});

function aPackage(spec: object) {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: metadata('redis'),
    spec: {
      chart: {
        repo: 'oci://registry-19.example.com/charts/team',
        name: 'redis',
        version: '18.4.0',
      },
      ...spec,
    },
  };
}

/** The chapter's package. */
const TYPICAL_PACKAGE = aPackage({
  values: {
    replicas: 3,
    auth: { enabled: true, password: '${resources.redis.auth-token}' },
  },
  resources: { redis: { type: 'secret', params: { keys: ['auth-token'] } } },
});

/** The values of a large chart: about 200 leaves, 10 secrets, a mesh block with 10 ports and 20 callers. */
const LARGE_PACKAGE = aPackage({
  dependsOn: list(5, index => ({ name: `base-${index}` })),
  timeout: '10m',
  values: {
    components: list(20, index => ({
      name: `component-${index}`,
      replicas: index,
      image: { repository: `example.com/component-${index}`, tag: '1.2.3' },
      resources: {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { memory: '256Mi' },
      },
      env: { LOG_LEVEL: 'info', URL: `http://component-${index}:8080` },
      ...(index < 10
        ? {
            auth: { existingSecret: { $secret: { pw: `\${s-${index}.pw}` } } },
          }
        : {}),
    })),
  },
  resources: Object.fromEntries(
    list(10, index => [
      `s-${index}`,
      {
        type: 'secret',
        id: `data/s-${index}`,
        params: { provider: 'vault', keys: ['pw', 'user'] },
      },
    ]),
  ),
  mesh: {
    selector: { matchLabels: { 'app.kubernetes.io/name': 'redis' } },
    ports: list(10, index => ({ port: 6379 + index, name: `port-${index}` })),
    allowedCallers: list(20, index => ({
      name: `caller-${index}`,
      namespace: 'commerce',
    })),
  },
});

function aMember(spec: object) {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: metadata('redis'),
    spec: { target: { selector: { app: 'redis' } }, ...spec },
  };
}

/** The chapter's member. */
const TYPICAL_MEMBER = aMember({
  ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
  allowedCallers: [
    { name: 'checkout', namespace: 'commerce' },
    { name: 'inventory', namespace: 'commerce' },
  ],
  dependencies: [],
});

/** 20 ports, 100 callers, 20 dependencies, 10 egress rules. */
const LARGE_MEMBER = aMember({
  ports: list(20, index => ({ port: 8000 + index, name: `port-${index}` })),
  allowedCallers: list(100, index => ({
    name: `caller-${index}`,
    namespace: `team-${index % 5}`,
  })),
  dependencies: list(20, index => `team-${index % 5}/callee-${index}`),
  egress: list(10, index => ({
    target: { fqdn: `api-${index}.example.com` },
    ports: [443],
  })),
});

const SERVICE = {
  apiVersion: 'lattice.dev/v1alpha1',
  kind: 'LatticeService',
  metadata: metadata('checkout'),
  spec: {
    workload: {
      resources: Object.fromEntries(
        list(10, index => [
          `callee-${index}`,
          { type: 'service', direction: 'outbound', namespace: 'data' },
        ]),
      ),
      service: { ports: { http: { port: 80, targetPort: 8080 } } },
    },
  },
};

interface Kind<T> {
  readonly parse: (raw: unknown) => ParseResult<T>;
  readonly check: (value: T, rules: AdmissionRules) => Violation[];
}

const PACKAGE: Kind<LatticePackage> = {
  parse: parsePackage,
  check: checkPackage,
};
const MEMBER: Kind<LatticeMember> = { parse: parseMember, check: checkMember };
const SERVICE_KIND: Kind<LatticeMember> = {
  parse: parseService,
  check: checkMember,
};

/** Reading alone, and reading with all rules; an object that is refused would measure something else. */
function cases<T>(
  name: string,
  size: number,
  kind: Kind<T>,
  raw: unknown,
): Case[] {
  const read = (): T => {
    const result = kind.parse(raw);
    if (!result.ok) {
      throw new Error(JSON.stringify(result.problems));
    }
    return result.value;
  };
  const errors = kind
    .check(read(), RULES)
    .filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new Error(JSON.stringify(errors));
  }
  return [
    { name: `read ${name}`, size, run: read },
    {
      name: `read and check ${name}`,
      size,
      run: () => kind.check(read(), RULES),
    },
  ];
}

async function main(): Promise<void> {
  const suite = new Suite('admission');
  await suite.measure(
    ...cases('a typical package', 4, PACKAGE, TYPICAL_PACKAGE),
    ...cases('a large package', 260, PACKAGE, LARGE_PACKAGE),
    ...cases('a typical member', 3, MEMBER, TYPICAL_MEMBER),
    ...cases('a large member', 150, MEMBER, LARGE_MEMBER),
    ...cases('a service', 10, SERVICE_KIND, SERVICE),
  );
  suite.finish();
}

void main();
