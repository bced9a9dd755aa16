import fc from 'fast-check';
import { LatticeMember, MemberSpec, ServiceRef } from '../../api/memberModel';
import { formatKey, KubernetesObject } from '../../api/object';
import { AgreementGraph } from '../../graph/AgreementGraph';
import { aMember, aPort } from '../../graph/__testUtils__/aMember';
import { compilePolicies } from '../compilePolicies';
import { ClusterProfile, DEFAULT_PROFILE } from '../ClusterProfile';
import { Pod } from './judge';

const NAMESPACES = ['a', 'b'];
const NAMES = ['one', 'two', 'three'];
/** A namespace that holds one whole-namespace member and nothing else. */
const WHOLE = 'whole';
/** Ports that are asked about: some declared, some never. */
export const PORTS = [
  [80, 'TCP'],
  [81, 'TCP'],
  [82, 'UDP'],
  [15008, 'TCP'],
  [9999, 'TCP'],
] as const;

const aPortList = fc.uniqueArray(
  fc
    .record({
      port: fc.constantFrom(80, 81),
      peerAuth: fc.constantFrom(
        'Strict' as const,
        'Strict' as const,
        'Permissive' as const,
        'Webhook' as const,
      ),
    })
    .map(({ port, peerAuth }) => aPort(port, { peerAuth })),
  { selector: port => port.port, maxLength: 2 },
);

const aReference: fc.Arbitrary<ServiceRef> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      namespace: fc.constantFrom(...NAMESPACES),
      name: fc.constantFrom(...NAMES),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ namespace: WHOLE, name: WHOLE }) },
  { weight: 1, arbitrary: fc.constant({ name: '*' }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...NAMESPACES)
      .map(namespace => ({ namespace, name: '*' })),
  },
);

const aSpec: fc.Arbitrary<Partial<MemberSpec>> = fc
  .record({
    ports: aPortList,
    hasUdp: fc.boolean(),
    allowedCallers: fc.array(aReference, { maxLength: 4 }),
    dependencies: fc.array(aReference, { maxLength: 4 }),
    dependsAll: fc.integer({ min: 0, max: 6 }).map(n => n === 0),
    allowPeerTraffic: fc.boolean(),
    ambient: fc.integer({ min: 0, max: 3 }).map(n => n > 0),
    serviceAccount: fc.constantFrom('shared', 'own'),
  })
  .map(({ hasUdp, ports, ...spec }) => ({
    ...spec,
    ports: hasUdp ? [...ports, aPort(82, { protocol: 'UDP' as const })] : ports,
  }));

/** Members of a few namespaces that may or may not agree, each key at most once. */
export const aWorld: fc.Arbitrary<LatticeMember[]> = fc
  .tuple(
    fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(...NAMESPACES),
        fc.constantFrom(...NAMES),
        aSpec,
      ),
      { selector: ([namespace, name]) => `${namespace}/${name}`, minLength: 2 },
    ),
    fc.option(aSpec, { nil: undefined }),
  )
  .map(([members, whole]) => [
    ...members.map(([namespace, name, spec]) =>
      aMember(`${namespace}/${name}`, spec),
    ),
    ...(whole
      ? [
          aMember(`${WHOLE}/${WHOLE}`, {
            ...whole,
            target: { namespace: WHOLE },
          }),
        ]
      : []),
  ]);

export function graphOf(members: readonly LatticeMember[]): AgreementGraph {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  return graph;
}

export function compileAll(
  members: readonly LatticeMember[],
  profile: ClusterProfile = DEFAULT_PROFILE,
): KubernetesObject[] {
  const graph = graphOf(members);
  return graph.keys().flatMap(key => compilePolicies(graph, key, profile));
}

/** A pod and the member that selects it, if one does. */
export interface Inhabitant {
  readonly pod: Pod;
  readonly member?: LatticeMember;
}

/** One pod per member, and pods that no member selects: some look like a member of another namespace. */
export function inhabitants(members: readonly LatticeMember[]): Inhabitant[] {
  const selected = members.map(member => {
    const { namespace, name } = member.metadata;
    const pod: Pod = {
      namespace,
      labels:
        'selector' in member.spec.target
          ? { ...member.spec.target.selector }
          : { app: `any-${name}` },
      serviceAccount: member.spec.serviceAccount,
      isEnrolled: member.spec.ambient,
    };
    return { pod, member };
  });
  const strangers = [
    { namespace: 'a', labels: { app: 'stranger' } },
    { namespace: 'z', labels: { app: 'one' } },
  ].flatMap(({ namespace, labels }) =>
    [true, false].map(isEnrolled => ({
      pod: { namespace, labels, serviceAccount: 'shared', isEnrolled },
    })),
  );
  return [...selected, ...strangers];
}

/** The bilateral rule, written down a second time: who may reach which port of whom. */
export function mayPass(
  from: LatticeMember | undefined,
  to: LatticeMember | undefined,
  [number, protocol]: readonly [number, 'TCP' | 'UDP'],
): boolean {
  if (!from || !to || !mayTalk(from, to)) return false;
  const port = to.spec.ports.find(
    one => one.port === number && one.protocol === protocol,
  );
  if (!port) return false;
  if (protocol === 'UDP' || !to.spec.ambient || from.spec.ambient) return true;
  return port.peerAuth === 'Permissive' && 'selector' in to.spec.target;
}

/** Whether both sides have declared the pair, or it is one member that lets its pods talk. */
export function mayTalk(from: LatticeMember, to: LatticeMember): boolean {
  if (formatKey(from.metadata) === formatKey(to.metadata))
    return to.spec.allowPeerTraffic;
  const names = (refs: readonly ServiceRef[], { metadata }: LatticeMember) =>
    refs.some(
      ({ name, namespace }) =>
        (name === metadata.name || name === '*') &&
        (namespace === undefined || namespace === metadata.namespace),
    );
  return (
    (from.spec.dependsAll || names(from.spec.dependencies, to)) &&
    names(to.spec.allowedCallers, from)
  );
}
