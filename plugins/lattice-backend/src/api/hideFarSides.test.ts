import {
  AgreementGraph,
  ClusterProfile,
  compilePolicies,
  DEFAULT_PROFILE,
  KubernetesObject,
  parseMember,
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

const FAR = { hidden: new Set(['commerce']), named: new Set<string>() };

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
  const redis = parseMember(REDIS);
  const checkout = parseService(aService('checkout'));
  if (!redis.ok || !checkout.ok) {
    throw new Error('the example does not parse');
  }
  graph.set(redis.value);
  graph.set(checkout.value);
  return compilePolicies(graph, key, profile);
}

function shown(
  policies: KubernetesObject[],
  hidden: string[],
  named: string[] = hidden,
): string {
  const farSides = { hidden: new Set(hidden), named: new Set(named) };
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
    expect(shown(policies, [])).toContain('secret-label');
    expect(shown(policies, [])).toContain('6379');
  });

  it('keeps that a caller may reach the namespace, and hides labels and ports of the callee', () => {
    const policies = policiesOf(
      { namespace: 'commerce', name: 'checkout' },
      PLAIN,
    );
    const text = shown(policies, ['data']);
    expect(text).toContain('"k8s:io.kubernetes.pod.namespace":"data"');
    expect(text).not.toContain('secret-label');
    expect(text).not.toContain('6379');
    // The rule for names stays: it belongs to the cluster.
    expect(text).toContain('kube-dns');
  });

  it('hides labels and account of a caller, and keeps the ports of the callee itself', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    const text = shown(policies, ['commerce']);
    expect(text).toContain('6379');
    expect(text).not.toContain('checkout');
    expect(text).toContain('/ns/commerce/sa/(hidden)');
  });

  it('does not even name the namespace of a caller that the member has not named', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    const text = shown(policies, ['commerce'], []);
    expect(text).not.toContain('commerce');
    expect(text).toContain('/ns/(hidden)/sa/(hidden)');
    expect(text).toContain('6379');
  });

  it('shows no list of agreements, whose length alone would tell of others', () => {
    const policies = policiesOf({ namespace: 'data', name: 'redis' });
    expect(shown(policies, [])).not.toContain('commerce/checkout ->');
  });

  it('drops a rule that it does not understand rather than show it', () => {
    const foreign = {
      ...policiesOf({ namespace: 'data', name: 'redis' })[0],
      spec: { egress: [{ toEndpoints: [{ matchLabels: { app: 'x' } }] }] },
    };
    expect(hideFarSides(foreign, FAR).spec).toEqual({
      egress: [],
    });
  });
});
