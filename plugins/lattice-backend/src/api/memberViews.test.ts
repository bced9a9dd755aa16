import {
  AgreementGraph,
  KubernetesObject,
  LatticeMember,
  parseMember,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { MemberRecord } from './FleetRecord';
import { memberDetail, memberSummary } from './memberViews';
import { aCondition, aMember, aService } from './testing/objects';

function recordOf(object: KubernetesObject): MemberRecord {
  const kind = object.kind as LatticeMember['kind'];
  return {
    cluster: 'lab',
    namespace: object.metadata.namespace!,
    name: object.metadata.name,
    labels: {},
    kind,
    object,
    parsed:
      kind === 'LatticeService' ? parseService(object) : parseMember(object),
  };
}

function contextOf(
  object: KubernetesObject,
  others: KubernetesObject[],
  isComplete = true,
) {
  const graph = new AgreementGraph();
  for (const { parsed } of [object, ...others].map(recordOf)) {
    if (parsed.ok) {
      graph.set(parsed.value);
    }
  }
  return { edges: graph.edgesOf(recordOf(object)), isComplete };
}

function edgesOf(
  object: KubernetesObject,
  others: KubernetesObject[],
  isComplete = true,
): Record<string, string> {
  const { edges } = memberDetail(recordOf(object), {
    ...contextOf(object, others, isComplete),
    policies: [],
  });
  return Object.fromEntries(
    edges.map(edge => [
      `${edge.direction} ${
        edge.direction === 'inbound' ? edge.caller.name : edge.callee.name
      }`,
      edge.state,
    ]),
  );
}

const ENFORCED = {
  observedGeneration: 1,
  phase: 'Ready',
  conditions: [aCondition('Ready', 'True', 'Succeeded', 'all applied')],
  edges: [
    {
      direction: 'inbound',
      peer: { namespace: 'commerce', name: 'checkout' },
      state: 'enforced',
      since: '2026-01-01T00:00:00Z',
    },
    {
      direction: 'inbound',
      peer: { namespace: 'commerce', name: 'inventory' },
      state: 'enforced',
    },
  ],
};

describe('the edges of a member', () => {
  it('are agreed when both sides say so, and half when one does', () => {
    expect(edgesOf(aMember(), [aService('checkout')])).toEqual({
      'inbound checkout': 'agreed',
      'inbound inventory': 'halfCallee',
    });
  });

  it('are enforced only where the controller says so and the agreement still stands', () => {
    const redis = aMember({ status: ENFORCED });
    expect(edgesOf(redis, [aService('checkout')])).toEqual({
      'inbound checkout': 'enforced',
      'inbound inventory': 'halfCallee',
    });
  });

  it('are not called enforced on the word of an older generation', () => {
    const redis = aMember({ generation: 2, status: ENFORCED });
    expect(edgesOf(redis, [aService('checkout')])['inbound checkout']).toBe(
      'agreed',
    );
  });

  it('are unknown while the cluster is not read completely', () => {
    const redis = aMember({ status: ENFORCED });
    expect(
      edgesOf(redis, [aService('checkout')], false)['inbound checkout'],
    ).toBe('unknown');
  });

  it('read the same for a target that is absent and one that does not answer', () => {
    const silent = aMember({ spec: { allowedCallers: [] } });
    const absent = memberDetail(recordOf(aService('checkout')), {
      ...contextOf(aService('checkout'), []),
      policies: [],
    });
    const unanswered = memberDetail(recordOf(aService('checkout')), {
      ...contextOf(aService('checkout'), [silent]),
      policies: [],
    });
    expect(unanswered.edges).toEqual(absent.edges);
    expect(absent.edges[0]).toMatchObject({
      state: 'halfCaller',
      reason:
        'outbound dependency redis declared but no matching inbound declaration found.',
    });
  });

  it('do not show what only the other side has declared', () => {
    const quiet = aService('checkout', {});
    expect(edgesOf(quiet, [aMember()])).toEqual({});
  });

  it('show a wildcard as it is written, naming nobody', () => {
    const open = aMember({ spec: { allowedCallers: [{ name: '*' }] } });
    expect(edgesOf(open, [aService('checkout')])).toEqual({
      'inbound *': 'halfCallee',
    });
    const summary = memberSummary(
      recordOf(open),
      contextOf(open, [aService('checkout')]),
    );
    expect(summary).toMatchObject({ enforcedEdges: 0, openEdges: 0 });
  });
});

describe('memberSummary', () => {
  it('counts what is enforced and what is open', () => {
    const redis = aMember({ status: ENFORCED });
    expect(
      memberSummary(recordOf(redis), contextOf(redis, [aService('checkout')])),
    ).toMatchObject({
      kind: 'LatticeMeshMember',
      phase: 'Ready',
      message: 'all applied',
      enforcedEdges: 1,
      openEdges: 1,
      ports: [expect.objectContaining({ port: 6379, peerAuth: 'Strict' })],
    });
  });

  it('shows a member that cannot be read as failed, with the field', () => {
    const broken = aMember({ spec: { target: 'redis' } });
    expect(
      memberSummary(recordOf(broken), { edges: [], isComplete: true }),
    ).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('spec.target'),
    });
  });
});

describe('the policies of a member', () => {
  it('are shown as YAML without what only the API server needs', () => {
    const policy: KubernetesObject = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: {
        name: 'lattice-redis',
        namespace: 'data',
        uid: 'u',
        resourceVersion: '7',
        managedFields: [{}],
      },
      spec: { endpointSelector: { matchLabels: { 'k8s:app': 'redis' } } },
    };
    const { policies } = memberDetail(recordOf(aMember()), {
      edges: [],
      isComplete: true,
      policies: [policy],
    });
    expect(policies[0].yaml).toBe(
      [
        'apiVersion: cilium.io/v2',
        'kind: CiliumNetworkPolicy',
        'metadata:',
        '  name: lattice-redis',
        '  namespace: data',
        'spec:',
        '  endpointSelector:',
        '    matchLabels:',
        '      k8s:app: redis',
        '',
      ].join('\n'),
    );
  });
});
