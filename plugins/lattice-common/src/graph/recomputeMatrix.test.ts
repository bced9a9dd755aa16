import { LatticeMember, MemberSpec } from '../api/memberModel';
import { formatKey } from '../api/object';
import {
  compilePolicies,
  DEFAULT_PROFILE,
  planPolicyWrites,
} from '../policies';
import { aKey, aMember, aPort } from './__testUtils__/aMember';
import { aService } from './__testUtils__/aService';
import { graphOf } from './__testUtils__/describeGraph';
import { GraphChange } from './types';

const ref = (key: string) => aKey(key);

/** A calls B across namespaces, A is called by C and calls D; nobody has to do with the bystanders. */
const callerA = (spec: Partial<MemberSpec> = {}) =>
  aMember('commerce/a', {
    ports: [aPort(8080)],
    dependencies: [ref('data/b'), ref('commerce/d')],
    allowedCallers: [ref('web/c')],
    ...spec,
  });
const calleeB = (spec: Partial<MemberSpec> = {}) =>
  aMember('data/b', {
    ports: [aPort(6379)],
    allowedCallers: [ref('commerce/a')],
    ...spec,
  });
const C = aMember('web/c', { dependencies: [ref('commerce/a')] });
const D = aMember('commerce/d', {
  ports: [aPort(9000)],
  allowedCallers: [ref('commerce/a')],
  ambient: false,
});
const BYSTANDERS = [
  aMember('commerce/bystander', { ports: [aPort(1)] }),
  aMember('data/bystander', { dependsAll: true }),
];
const external = {
  B: { type: 'external-service', id: 'b', namespace: 'data' },
};
const WITH_STAND_IN = aService('web/s', {
  B: {
    ...external.B,
    params: { endpoints: { api: 'https://api.example.com' } },
  },
});

interface Row {
  readonly row: string;
  readonly before?: LatticeMember[];
  readonly change: GraphChange;
  /** Whom the change concerns, its own key among them. */
  readonly concerned: string[];
}

const NEAR_A = ['commerce/a', 'commerce/d', 'data/b', 'web/c'];
const NEAR_B = ['commerce/a', 'data/b'];

const ROWS: Row[] = [
  {
    row: 'A adds a dependency on B',
    before: [callerA({ dependencies: [] }), calleeB()],
    change: { set: callerA({ dependencies: [ref('data/b')] }) },
    concerned: NEAR_B,
  },
  {
    row: 'A takes its dependency on B back',
    before: [callerA({ dependencies: [ref('data/b')] }), calleeB()],
    change: { set: callerA({ dependencies: [] }) },
    concerned: NEAR_B,
  },
  {
    row: 'A turns from one callee to another',
    before: [callerA({ dependencies: [ref('data/b')] }), calleeB(), D],
    change: { set: callerA({ dependencies: [ref('commerce/d')] }) },
    concerned: ['commerce/a', 'commerce/d', 'data/b'],
  },
  {
    row: 'B allows A',
    before: [
      callerA({ dependencies: [ref('data/b')] }),
      calleeB({ allowedCallers: [] }),
    ],
    change: { set: calleeB() },
    concerned: NEAR_B,
  },
  {
    row: 'B allows A no more',
    before: [callerA({ dependencies: [ref('data/b')] }), calleeB()],
    change: { set: calleeB({ allowedCallers: [] }) },
    concerned: NEAR_B,
  },
  {
    row: 'A runs as another account',
    change: { set: callerA({ serviceAccount: 'robot' }) },
    concerned: NEAR_A,
  },
  {
    row: 'A selects other pods',
    change: { set: callerA({ target: { selector: { app: 'new' } } }) },
    concerned: NEAR_A,
  },
  {
    row: 'A leaves the mesh',
    change: { set: callerA({ ambient: false }) },
    concerned: NEAR_A,
  },
  {
    row: 'B opens another port',
    change: { set: calleeB({ ports: [aPort(6379), aPort(9121)] }) },
    concerned: NEAR_B,
  },
  {
    row: 'B leaves the mesh',
    change: { set: calleeB({ ambient: false }) },
    concerned: NEAR_B,
  },
  {
    row: 'A is deleted',
    change: { remove: ref('commerce/a') },
    concerned: NEAR_A,
  },
  {
    row: 'A is created',
    before: [calleeB(), C, D],
    change: { set: callerA() },
    concerned: NEAR_A,
  },
  { row: 'B is deleted', change: { remove: ref('data/b') }, concerned: NEAR_B },
  {
    row: 'B is created',
    before: [callerA(), C, D],
    change: { set: calleeB() },
    concerned: NEAR_B,
  },
  {
    row: 'B is deleted and made again by somebody else',
    change: {
      set: {
        ...calleeB(),
        metadata: { ...calleeB().metadata, uid: 'another' },
      },
    },
    concerned: NEAR_B,
  },
  {
    row: 'a member takes a key over from a service',
    before: [
      aService('data/b', {
        a: { direction: 'inbound', namespace: 'commerce' },
      }),
      callerA(),
      C,
      D,
    ],
    change: { set: calleeB() },
    concerned: NEAR_B,
  },
  {
    row: 'a service takes a key over from a member that goes',
    before: [aService('data/b'), calleeB(), callerA(), C, D],
    change: { remove: ref('data/b'), kind: 'LatticeMeshMember' },
    concerned: NEAR_B,
  },
  {
    row: 'B takes a wildcard back',
    before: [callerA(), calleeB({ allowedCallers: [{ name: '*' }] }), C],
    change: { set: calleeB({ allowedCallers: [] }) },
    concerned: ['commerce/a', 'data/b', 'data/bystander'],
  },
  {
    row: 'somebody declares what a service knew as external',
    before: [WITH_STAND_IN],
    change: { set: calleeB({ allowedCallers: [] }) },
    concerned: ['data/b', 'web/s'],
  },
  {
    row: 'nobody declares any more what a service names as external',
    before: [WITH_STAND_IN, calleeB({ allowedCallers: [] })],
    change: { remove: ref('data/b') },
    concerned: ['data/b', 'web/s'],
  },
  {
    row: 'only the status of A moves',
    change: {
      set: {
        ...callerA(),
        metadata: { ...callerA().metadata, resourceVersion: '2' },
      },
    },
    concerned: ['commerce/a'],
  },
  {
    row: 'something goes that was never declared',
    change: { remove: ref('data/nobody') },
    concerned: [],
  },
];

function policiesOf(graph: ReturnType<typeof graphOf>) {
  return new Map(
    graph
      .keys()
      .map(key => [
        formatKey(key),
        JSON.stringify(compilePolicies(graph, key, DEFAULT_PROFILE)),
      ]),
  );
}

describe('matrix of what must be recomputed', () => {
  it.each(ROWS)(
    '$row',
    ({ before = [callerA(), calleeB(), C, D], change, concerned }) => {
      const graph = graphOf(...before, ...BYSTANDERS);
      const old = policiesOf(graph);
      const keys = graph.apply(change).map(formatKey);
      expect([...keys].sort()).toEqual(concerned);
      const changed = [...policiesOf(graph)]
        .filter(([key, policies]) => old.get(key) !== policies)
        .map(([key]) => key);
      expect(keys).toEqual(expect.arrayContaining(changed));
    },
  );

  it('an object that was changed by hand is written again, alone', () => {
    const wanted = compilePolicies(
      graphOf(callerA(), calleeB(), C, D),
      ref('data/b'),
      DEFAULT_PROFILE,
    );
    const live = structuredClone(wanted);
    (live[0].spec as Record<string, unknown>).enableDefaultDeny = {
      ingress: false,
    };
    const writes = planPolicyWrites({ wanted, live });
    expect(writes.map(({ object }) => object)).toEqual([wanted[0]]);
  });
});
