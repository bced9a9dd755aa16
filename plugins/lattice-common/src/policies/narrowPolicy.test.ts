import { LatticeMember, MemberSpec } from '../api/memberModel';
import { KubernetesObject } from '../api/object';
import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { DEFAULT_PROFILE } from './ClusterProfile';
import { compilePolicies } from './compilePolicies';
import { lintPolicy } from './lintPolicy';
import { narrowPolicy } from './narrowPolicy';
import { graphOf } from './__testUtils__/worlds';

interface Spec {
  readonly ingress: Record<string, unknown>[];
  readonly rules?: Array<{ from: Array<{ source: object }> }>;
}

const callee = aMember('data/redis', {
  ports: [aPort(6379)],
  allowedCallers: [{ namespace: 'shop', name: 'web' }],
});

const caller = (spec: Partial<MemberSpec>): LatticeMember =>
  aMember('shop/web', {
    dependencies: [{ namespace: 'data', name: 'redis' }],
    ...spec,
  });

/** The callee's policies while its caller is declared like this. */
function policiesOf(spec: Partial<MemberSpec>): KubernetesObject[] {
  return compilePolicies(
    graphOf([callee, caller(spec)]),
    aKey('data/redis'),
    DEFAULT_PROFILE,
  );
}

function narrowed(
  before: Partial<MemberSpec>,
  after: Partial<MemberSpec>,
): { network: Spec; mesh: Spec } {
  const live = policiesOf(before);
  const objects = policiesOf(after).map((wanted, index) =>
    narrowPolicy(wanted, live[index]),
  );
  expect(objects.flatMap(lintPolicy)).toEqual([]);
  const [network, mesh] = objects.map(({ spec }) => spec as unknown as Spec);
  return { network, mesh };
}

const labels = {
  'k8s:io.cilium.k8s.policy.cluster': 'default',
  'k8s:io.kubernetes.pod.namespace': 'shop',
};

describe('what may be written before anything is opened', () => {
  it('keeps a caller in that has the old and the new labels', () => {
    const { network } = narrowed(
      { target: { selector: { app: 'web' } } },
      { target: { selector: { name: 'web' } } },
    );
    expect(network.ingress).toEqual([
      {},
      {
        fromEndpoints: [
          { matchLabels: { 'k8s:app': 'web', 'k8s:name': 'web', ...labels } },
        ],
        toPorts: [{ ports: [{ port: '15008', protocol: 'TCP' }] }],
      },
    ]);
  });

  it('keeps nobody in when no pod can have both', () => {
    const { network } = narrowed(
      { target: { selector: { app: 'web' } } },
      { target: { selector: { app: 'site' } } },
    );
    expect(network.ingress).toEqual([{}]);
  });

  it.each([
    [
      'shrinks to one member',
      { namespace: 'shop' },
      { selector: { app: 'web' } },
    ],
    [
      'grows to its namespace',
      { selector: { app: 'web' } },
      { namespace: 'shop' },
    ],
  ])('keeps the pods of a caller that %s', (_, before, after) => {
    const { network, mesh } = narrowed({ target: before }, { target: after });
    expect(network.ingress[1].fromEndpoints).toEqual([
      { matchLabels: { 'k8s:app': 'web', ...labels } },
    ]);
    expect(mesh.rules?.map(({ from }) => from)).toEqual([
      [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }],
    ]);
  });

  it('trusts neither the old nor the new account of a caller that changes it', () => {
    const { mesh } = narrowed({ serviceAccount: 'a' }, { serviceAccount: 'b' });
    expect(mesh.rules).toBeUndefined();
  });
});
