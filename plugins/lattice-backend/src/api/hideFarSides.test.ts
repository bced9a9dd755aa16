import {
  AgreementGraph,
  ClusterProfile,
  compilePolicies,
  DEFAULT_PROFILE,
  KubernetesObject,
  LatticeMember,
  parseMember,
  ParseResult,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { hideFarSides } from './hideFarSides';
import { aMember, aService } from './testing/objects';

const REDIS = aMember({
  spec: {
    target: { selector: { 'secret-label': 'of-data' } },
    serviceAccount: 'account-of-data',
  },
});

const { dns } = DEFAULT_PROFILE;

function read(result: ParseResult<LatticeMember>): LatticeMember {
  if (!result.ok) throw new Error('the example does not parse');
  return result.value;
}

const redis = read(parseMember(REDIS));
const checkout = read(parseService(aService('checkout')));

/** Without Istio the ports of the callee stand in the caller's policy. */
const PLAIN: ClusterProfile = {
  ...DEFAULT_PROFILE,
  engines: { cilium: true, istio: false },
  mtls: 'notRequired',
};

function policiesOf(
  key: { namespace: string; name: string },
  profile: ClusterProfile = DEFAULT_PROFILE,
) {
  const graph = new AgreementGraph();
  graph.set(redis);
  graph.set(checkout);
  return compilePolicies(graph, key, profile);
}

/** As somebody sees them who may read these members. */
function shown(
  policies: KubernetesObject[],
  readable: LatticeMember[],
  named: string[] = [],
): string {
  const farSides = { readable, named: new Set(named), dns };
  return JSON.stringify(policies.map(policy => hideFarSides(policy, farSides)));
}

describe('hideFarSides', () => {
  it('leaves a policy alone for whoever may read everything', () => {
    const [policy] = policiesOf({ namespace: 'data', name: 'redis' });
    expect(hideFarSides(policy, undefined)).toBe(policy);
  });

  it('leaves the rules alone when every peer may be read', () => {
    const policies = policiesOf(
      { namespace: 'commerce', name: 'checkout' },
      PLAIN,
    );
    expect(shown(policies, [checkout, redis])).toContain('secret-label');
    expect(shown(policies, [checkout, redis])).toContain('6379');
  });

  it('keeps that a caller may reach the namespace, and hides labels and ports of the callee', () => {
    const policies = policiesOf(
      { namespace: 'commerce', name: 'checkout' },
      PLAIN,
    );
    const text = shown(policies, [checkout], ['data']);
    expect(text).toContain('"k8s:io.kubernetes.pod.namespace":"data"');
    expect(text).not.toContain('secret-label');
    expect(text).not.toContain('6379');
    // The rule for names stays: it belongs to the cluster.
    expect(text).toContain('kube-dns');
  });

  it('hides labels and account of a caller, and keeps the ports of the callee itself', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    const text = shown(policies, [redis], ['commerce']);
    expect(text).toContain('6379');
    expect(text).not.toContain('checkout');
    expect(text).toContain('/ns/commerce/sa/(hidden)');
  });

  it('does not even name the namespace of a caller that the member has not named', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    const text = shown(policies, [redis]);
    expect(text).not.toContain('commerce');
    expect(text).toContain('/ns/(hidden)/sa/(hidden)');
    expect(text).toContain('6379');
  });

  it('shows no list of agreements, whose length alone would tell of others', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    expect(shown(policies, [redis, checkout])).not.toContain(
      'commerce/checkout ->',
    );
  });

  it('does not tell how many callers are hidden', () => {
    const [policy] = policiesOf({ namespace: 'data', name: 'redis' });
    const spec = policy.spec as { ingress: object[] };
    const rule = spec.ingress[1];
    const many = { ...policy, spec: { ...spec, ingress: [{}, rule, rule] } };
    expect(shown([many], [redis])).toBe(shown([policy], [redis]));
  });

  it.each<[string, KubernetesObject['spec'], KubernetesObject['spec']]>([
    [
      'a peer without a namespace',
      { egress: [{ toEndpoints: [{ matchLabels: { app: 'x' } }] }] },
      { egress: [] },
    ],
    [
      'peers by expressions',
      {
        ingress: [
          {
            fromEndpoints: [
              {
                matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'commerce' },
                matchExpressions: [{ key: 'x', operator: 'Exists' }],
              },
            ],
          },
        ],
      },
      { ingress: [] },
    ],
    [
      'a service by its name',
      { egress: [{ toServices: [{ k8sService: { serviceName: 'x' } }] }] },
      { egress: [] },
    ],
    ['rules that deny', { ingressDeny: [{ fromEndpoints: [{}] }] }, {}],
    [
      'callers by namespace',
      { rules: [{ from: [{ source: { namespaces: ['commerce'] } }] }] },
      { rules: [] },
    ],
  ])(
    'drops %s rather than show what it does not understand',
    (_, spec, left) => {
      const [policy] = policiesOf({ namespace: 'data', name: 'redis' });
      const farSides = { readable: [redis], named: new Set<string>(), dns };
      expect(hideFarSides({ ...policy, spec }, farSides).spec).toEqual(left);
    },
  );

  it('drops annotations of others, which may hold the whole policy', () => {
    const [policy] = policiesOf({ namespace: 'data', name: 'redis' });
    const annotated = structuredClone(policy);
    annotated.metadata.annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': 'everything',
    };
    expect(shown([annotated], [redis])).not.toContain('everything');
  });
});
