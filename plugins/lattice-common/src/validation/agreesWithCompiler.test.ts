import fc from 'fast-check';
import { OUTSIDE_ENTITIES } from '../api/schemas/patterns';
import { parseMember } from '../api/parseMember';
import { AgreementGraph } from '../graph';
import { compilePolicies, DEFAULT_PROFILE, lintPolicy } from '../policies';
import { EGRESS_ENTITIES, findEgressProblem } from '../policies/egressRules';
import { findMemberProblem } from '../policies/memberTarget';
import { checkLaw } from '../testing/__testUtils__/checkLaw';
import { aMemberManifest, RULES } from '../testing/manifests';
import { checkMember } from './checkMember';

/* Admission and compiler must not disagree: what the one accepts, the other makes policies of. */

const label = fc.constantFrom(
  'app',
  'example.com/tier',
  'any:x',
  'io.cilium.k8s.x',
  'a b',
  'k8s.io/x',
);
const value = fc.constantFrom('redis', '', '*', 'a.b_c-d', '-');

const spec = fc.record(
  {
    target: fc.oneof(
      fc.record({ selector: fc.dictionary(label, value, { maxKeys: 2 }) }),
      fc.record({ namespace: fc.constantFrom('data', 'other') }),
    ),
    ports: fc.array(
      fc.record({
        port: fc.constantFrom(1, 6379, 15008, 65535),
        name: fc.constantFrom('a', 'b', 'A'),
        protocol: fc.constantFrom('TCP', 'UDP'),
        peerAuth: fc.constantFrom('Strict', 'Permissive', 'Webhook'),
      }),
      { maxLength: 3 },
    ),
    allowedCallers: fc.array(fc.constantFrom('peer', '*', 'data/*', 'x/y'), {
      maxLength: 3,
    }),
    dependencies: fc.array(fc.constantFrom('peer', 'data/*', '*'), {
      maxLength: 3,
    }),
    egress: fc.array(
      fc.record({
        target: fc.oneof(
          fc.record({
            fqdn: fc.constantFrom('a.example.com', '*.example.com', '*', 'x/'),
          }),
          fc.record({
            cidr: fc.constantFrom(
              '10.0.0.0/8',
              '0.0.0.0/0',
              'fd00::/8',
              '1.2.3.4',
            ),
          }),
          fc.record({
            entity: fc.constantFrom(
              ...EGRESS_ENTITIES,
              'all',
              'cluster',
              'host',
              'x',
            ),
          }),
        ),
        ports: fc.array(fc.constantFrom(443, 8443), { maxLength: 2 }),
        protocol: fc.constantFrom('TCP', 'UDP'),
      }),
      { maxLength: 3 },
    ),
    serviceAccount: fc.constantFrom('redis', 'a/b', '*'),
    ambient: fc.boolean(),
    allowPeerTraffic: fc.boolean(),
  },
  { requiredKeys: ['target'] },
);

const peer = aMemberManifest({
  metadata: { name: 'peer' },
  spec: {
    target: { selector: { app: 'peer' } },
    allowedCallers: ['redis'],
    dependencies: ['redis'],
  },
});

function read(manifest: object) {
  const result = parseMember(manifest);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

describe('admission and compiler', () => {
  it('know the same entities', () => {
    expect([...OUTSIDE_ENTITIES].sort()).toEqual([...EGRESS_ENTITIES].sort());
  });

  it('agree about what can be made policies of', () => {
    let accepted = 0;
    checkLaw(
      'what admission accepts is compiled, and passes the lint',
      fc.property(spec, written => {
        const member = read({ ...aMemberManifest(), spec: written });
        const errors = checkMember(member, RULES).filter(
          ({ severity }) => severity === 'error',
        );
        if (errors.length > 0) {
          return;
        }
        accepted += 1;
        expect(findMemberProblem(member, DEFAULT_PROFILE)).toBeUndefined();
        member.spec.egress
          .filter(({ ports }) => ports.length > 0)
          .forEach(rule => expect(findEgressProblem(rule)).toBeUndefined());
        const graph = new AgreementGraph();
        graph.set(member);
        graph.set(read(peer));
        const objects = compilePolicies(
          graph,
          member.metadata,
          DEFAULT_PROFILE,
        );
        expect(objects.length).toBeGreaterThan(0);
        expect(objects.flatMap(lintPolicy)).toEqual([]);
      }),
      { cases: 3_000 },
    );
    expect(accepted).toBeGreaterThan(30);
  });
});
