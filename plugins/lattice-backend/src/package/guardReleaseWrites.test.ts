import {
  LatticePackage,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { readAccessWrite } from '../access/AccessWrite';
import { CedarPolicies, CedarRequest } from '../cedar';
import { guardReleaseWrites } from './guardReleaseWrites';

const CHARTS = 'oci://registry.example.com/charts';

function aPackage(): LatticePackage {
  const parsed = parsePackage({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name: 'redis', namespace: 'data' },
    spec: { chart: { repository: CHARTS, name: 'redis', version: '1.0.0' } },
  });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.value;
}

interface Write {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
}

function ask(
  write: Write,
  permitted: readonly string[] = [],
): string | undefined {
  const cedar = {
    decide: ({ action }: CedarRequest) => ({
      isAllowed: permitted.includes(action.id),
    }),
  } as unknown as CedarPolicies;
  const {
    method = 'PATCH',
    path,
    body,
    contentType = 'application/apply-patch+yaml',
  } = write;
  return guardReleaseWrites(
    aPackage(),
    cedar,
  )(
    readAccessWrite({
      method,
      path,
      contentType,
      body: Buffer.from(body ? JSON.stringify(body) : ''),
    }),
  );
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const DEPLOYMENT = '/apis/apps/v1/namespaces/data/deployments/redis';
const podSpec = (spec: object, metadata: object = {}) => ({
  spec: { template: { metadata, spec } },
});

describe('guardReleaseWrites', () => {
  it.each<[string, Write]>([
    ['a workload', { path: DEPLOYMENT, body: podSpec({ containers: [] }) }],
    [
      'the release record',
      {
        method: 'POST',
        path: '/api/v1/namespaces/data/secrets',
        body: { kind: 'Secret', type: 'helm.sh/release.v1' },
      },
    ],
    [
      'a scale',
      { path: `${DEPLOYMENT}/scale`, body: { spec: { replicas: 2 } } },
    ],
    [
      'a removal, even of a policy',
      {
        method: 'DELETE',
        path: '/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/redis',
      },
    ],
  ])('lets %s pass', (_, write) => {
    expect(ask(write)).toBeUndefined();
  });

  it.each<[string, Write, string, string]>([
    [
      'a pod in the network of its node',
      { path: DEPLOYMENT, body: podSpec({ hostNetwork: true }) },
      'hostNetwork',
      'InstallPolicyObjects',
    ],
    [
      'a pod that leaves the mesh',
      {
        path: DEPLOYMENT,
        body: podSpec({}, { labels: { 'istio.io/dataplane-mode': 'none' } }),
      },
      'istio.io/dataplane-mode=none',
      'InstallPolicyObjects',
    ],
    [
      'a bare pod in the network of its node',
      {
        method: 'POST',
        path: '/api/v1/namespaces/data/pods',
        body: { spec: { hostNetwork: true } },
      },
      'hostNetwork',
      'InstallPolicyObjects',
    ],
    [
      'a policy',
      {
        path: '/apis/networking.k8s.io/v1/namespaces/data/networkpolicies/open',
        body: { kind: 'ConfigMap', spec: {} },
      },
      'NetworkPolicy open',
      'InstallPolicyObjects',
    ],
    [
      'an ExternalSecret',
      {
        path: '/apis/external-secrets.io/v1/namespaces/data/externalsecrets/any',
        body: {},
      },
      'externalsecrets any',
      'InstallPolicyObjects',
    ],
    [
      'what belongs to no namespace',
      {
        path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/all',
        body: { kind: 'ClusterRole' },
      },
      'ClusterRole all',
      'InstallClusterScoped',
    ],
    [
      'a kind without a namespace that nobody knows',
      { path: '/apis/example.com/v1/wideopens/x', body: { kind: 'WideOpen' } },
      'WideOpen x',
      'InstallClusterScoped',
    ],
    [
      'another namespace',
      {
        path: '/api/v1/namespaces/commerce/configmaps/x',
        body: { kind: 'ConfigMap' },
      },
      'namespace commerce',
      'InstallIntoNamespace',
    ],
  ])('refuses %s unless Cedar permits it', (_, write, what, action) => {
    expect(ask(write)).toContain(what);
    expect(ask(write, [action])).toBeUndefined();
  });

  it('lets what it cannot read pass only where no pods could be in it', () => {
    const body = {};
    const contentType = PROTOBUF;
    const secrets = '/api/v1/namespaces/data/secrets';
    expect(ask({ path: secrets, body, contentType })).toBeUndefined();
    expect(ask({ path: DEPLOYMENT, body, contentType })).toContain(
      'deployments',
    );
    expect(ask({ path: '/api/v1/nodes/a', body, contentType })).toContain(
      'nodes a',
    );
  });
});
