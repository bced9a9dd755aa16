import { aCiliumPolicy, aPeerAuthentication, aPod, aWorld } from './aWorld';
import { planCase } from './planCase';
import type { Question } from './types';

const world = aWorld(
  [
    aPod('a/mesh', { ambient: true }),
    aPod('a/other', { ambient: true }),
    aPod('a/plain'),
    aPod('a/agent', { ambient: true, hostNetwork: true }),
  ],
  [
    aCiliumPolicy('a/one', 'mesh', { ingress: [{}] }),
    aPeerAuthentication('a/two', { mtls: { mode: 'STRICT' } }),
  ],
  { externals: [{ name: 'payments', cidr: '203.0.113.7/32' }] },
);
const plan = (...questions: Question[]) => planCase({ world, questions });
const ask = (
  from: string,
  to: string,
  protocol: Question['protocol'] = 'TCP',
): Question => ({ from, to, port: 8080, protocol });

describe('planCase', () => {
  const hbone = { carriedBy: 'hbone', port: 15008, isCaptured: true };
  const captured = { carriedBy: 'plain', port: 8080, isCaptured: true };
  const plain = { carriedBy: 'plain', port: 8080, isCaptured: false };

  it.each([
    ['TCP between two ambient pods', ask('a/mesh', 'a/other'), hbone],
    ['UDP between two ambient pods', ask('a/mesh', 'a/other', 'UDP'), plain],
    ['a plain caller of an ambient pod', ask('a/plain', 'a/mesh'), captured],
    ['an ambient caller of a plain pod', ask('a/mesh', 'a/plain'), plain],
    ['a node that calls an ambient pod', ask('host', 'a/mesh'), captured],
    ['a caller on the network of its node', ask('a/agent', 'a/mesh'), captured],
    ['a callee on the network of its node', ask('a/mesh', 'a/agent'), plain],
    ['a call to outside', ask('a/mesh', 'payments'), plain],
  ])('%s', (_what, question, { carriedBy, port, isCaptured }) => {
    const planned = plan(question);
    expect(planned.questions).toEqual([
      { carriedBy, ...(isCaptured ? { istioQuestion: 0 } : {}) },
    ]);
    expect(planned.cilium.questions[0].slice(2)).toEqual([
      port,
      question.protocol,
    ]);
    expect(planned.istio.questions).toHaveLength(isCaptured ? 1 : 0);
  });
  it('gives ztunnel the port behind the tunnel, and an identity only to what the mesh carries', () => {
    const { istio } = plan(
      ask('a/mesh', 'a/other'),
      ask('a/plain', 'a/other'),
      ask('a/mesh', 'a/other'),
    );
    expect(istio.pods.map(({ name }) => name)).toEqual(['mesh', 'other']);
    expect(istio.sources).toEqual([
      { ip: '10.0.0.1', namespace: 'a', serviceAccount: 'mesh' },
      { ip: '10.0.0.3' },
    ]);
    expect(istio.questions).toEqual([
      [1, 0, 8080],
      [1, 1, 8080],
      [1, 0, 8080],
    ]);
  });

  it('shows a pod on the network of its node to Cilium as a node', () => {
    const { cilium } = plan(ask('a/agent', 'a/plain'));
    expect(cilium.ends).toEqual(['remote-node', 'a/plain']);
    expect(cilium.pods.map(({ name }) => name)).not.toContain('agent');
  });

  it('gives each engine its own objects', () => {
    const { cilium, istio } = plan();
    expect(cilium.policies.map(({ kind }) => kind)).toEqual([
      'CiliumNetworkPolicy',
    ]);
    expect(istio.policies.map(({ kind }) => kind)).toEqual([
      'PeerAuthentication',
    ]);
  });

  it.each([
    [
      'an unknown end',
      () => plan(ask('a/mesh', 'a/gone')),
      /no end of the name 'a\/gone'/,
    ],
    [
      'two ends of one name',
      () =>
        planCase({ world: aWorld([aPod('a/x'), aPod('a/x')]), questions: [] }),
      /two ends of the name 'a\/x'/,
    ],
    [
      'two objects of one name, of which a cluster could hold one',
      () =>
        planCase({
          world: { ...world, policies: [...world.policies, world.policies[0]] },
          questions: [],
        }),
      /CiliumNetworkPolicy a\/one twice/,
    ],
    [
      'an object that no judge reads, which would be passed over',
      () =>
        planCase({
          world: aWorld(
            [],
            [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }],
          ),
          questions: [],
        }),
      /No judge reads objects of kind Service/,
    ],
  ])('refuses %s', (_what, run, message) => {
    expect(run).toThrow(message);
  });
});
