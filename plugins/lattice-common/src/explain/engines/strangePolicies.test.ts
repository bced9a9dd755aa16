import fc from 'fast-check';
import { aMember, aPort } from '../../graph/__testUtils__/aMember';
import { aPolicy, ask, aWorldOf } from '../__testUtils__/aWorld';
import { explain } from '../explain';
import { exposureOf } from '../exposure';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const KINDS = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
];
const FIELDS = [
  'endpointSelector',
  'podSelector',
  'selector',
  'matchLabels',
  'matchExpressions',
  'key',
  'operator',
  'values',
  'ingress',
  'egress',
  'ingressDeny',
  'from',
  'to',
  'fromEndpoints',
  'toEndpoints',
  'toFQDNs',
  'matchPattern',
  'toCIDRSet',
  'cidr',
  'except',
  'toPorts',
  'ports',
  'port',
  'protocol',
  'ipBlock',
  'namespaceSelector',
  'rules',
  'source',
  'operation',
  'principals',
  'notPrincipals',
  'when',
  'mtls',
  'mode',
  'portLevelMtls',
];

/** What somebody might have written, or some other tool: known fields with anything in them. */
const aSpec = fc.letrec<{ value: unknown; spec: Record<string, unknown> }>(
  tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, '', 0, true, 'x', '*', '(', '10.0.0.0/8', 'In'),
      tie('spec'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    spec: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), {
      maxKeys: 4,
    }),
  }),
).spec;

describe('policies of whatever shape', () => {
  it(`never break an explanation (seed ${SEED})`, () => {
    const members = [
      aMember('a/one', { dependencies: [{ namespace: 'b', name: 'two' }] }),
      aMember('b/two', {
        ports: [aPort(80)],
        allowedCallers: [{ namespace: 'a', name: 'one' }],
      }),
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(...KINDS),
            fc.constantFrom('a/p', 'b/p', 'istio-system/p'),
            aSpec,
          ),
          { minLength: 1, maxLength: 4 },
        ),
        policies => {
          const foreignPolicies = policies.map(policy => aPolicy(...policy));
          const world = aWorldOf(members, { foreignPolicies });
          const { verdict, layers } = explain(ask('a/one -> b/two'), world);
          expect(['allowed', 'denied', 'unknown']).toContain(verdict);
          expect(layers.every(({ evidence }) => evidence.length > 0)).toBe(
            true,
          );
          exposureOf({ namespace: 'b', name: 'two' }, world);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});
