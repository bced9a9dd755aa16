import {
  aDraft,
  Draft,
  DraftEgress,
  DraftPort,
  refTo,
  serviceLabels,
  TCP_PORTS,
  UDP_PORTS,
} from './Draft';
import { Random } from './Random';

const NAMESPACES = ['commerce', 'data', 'edge'] as const;
/** The namespace that one member selects whole. */
export const WHOLE_NAMESPACE = 'tools';
const NAMES = ['cart', 'checkout', 'ledger', 'redis', 'search'] as const;

const EGRESS: readonly DraftEgress['target'][] = [
  { entity: 'world' },
  { entity: 'kube-apiserver' },
  { entity: 'remote-node' },
  { cidr: '203.0.113.0/24' },
  { fqdn: 'api.example.com' },
  { fqdn: '*.example.com' },
];
/** Entities that the product does not let out to. */
const REFUSED_EGRESS: readonly DraftEgress['target'][] = [
  { entity: 'cluster' },
  { entity: 'all' },
  { entity: 'host' },
];

/** The members of three or four namespaces, every kind of trouble among them. */
export function draftMembers(random: Random): Draft[] {
  const namespaces = random.sample(NAMESPACES, random.int(2, 3));
  const members = namespaces.flatMap(namespace =>
    random
      .sample(NAMES, random.int(2, 3))
      .map(name => draftMember(random, namespace, name)),
  );
  ensureBothEngines(random, members);
  members.push(...draftWholeNamespace(random));
  shareAccount(random, members);
  members.push(draftOverlap(random, members));
  drawEdges(random, members);
  ensureHalves(random, members);
  addWildcards(random, members);
  openForPlaintext(random, members);
  addPeers(random, members);
  members.push(...draftOddities(random, members));
  return members;
}

function draftMember(random: Random, namespace: string, name: string): Draft {
  const ports = draftPorts(random);
  if (random.chance(0.25))
    return aDraft(namespace, name, {
      kind: 'LatticeService',
      labels: serviceLabels(name),
      ports,
    });
  return aDraft(namespace, name, {
    labels: random.chance(0.3)
      ? { app: name, 'example.com/part-of': 'shop' }
      : { app: name },
    ports,
    ambient: random.chance(0.65),
    account: random.chance(0.25) ? `${name}-runner` : undefined,
    egress: random.chance(0.4) ? draftEgress(random) : [],
  });
}

function draftPorts(random: Random): DraftPort[] {
  const tcp = random.sample(TCP_PORTS, random.int(0, 2)).map(port => ({
    port,
    servicePort: random.chance(0.3) ? 10_000 + port : port,
    protocol: 'TCP' as const,
    peerAuth: 'Strict' as const,
  }));
  const udp = random.chance(0.3)
    ? [
        {
          port: random.pick(UDP_PORTS),
          servicePort: 514,
          protocol: 'UDP' as const,
          peerAuth: 'Strict' as const,
        },
      ]
    : [];
  return [...tcp, ...udp];
}

function draftEgress(random: Random): DraftEgress[] {
  const targets = [
    ...random.sample(EGRESS, random.int(1, 2)),
    ...random.sample(REFUSED_EGRESS, random.int(0, 1)),
  ];
  return targets.map(target => ({
    target,
    // Without ports a rule opens nothing.
    ports: random.sample([80, 443, 514], random.int(0, 2)),
    protocol: random.chance(0.8) ? 'TCP' : 'UDP',
  }));
}

function meshMembers(members: readonly Draft[]): Draft[] {
  return members.filter(({ kind }) => kind === 'LatticeMeshMember');
}

/** At least two members inside the mesh and one outside, all of them with a port. */
function ensureBothEngines(random: Random, members: Draft[]): void {
  while (meshMembers(members).length < 4) {
    const { namespace } = random.pick(members);
    const free = NAMES.filter(
      name =>
        !members.some(one => one.namespace === namespace && one.name === name),
    );
    if (free.length > 0)
      members.push(
        aDraft(namespace, random.pick(free), { ports: draftPorts(random) }),
      );
  }
  const [inside, alsoInside, outside] = random.shuffle(meshMembers(members));
  Object.assign(inside, { ambient: true, ports: somePort(random) });
  Object.assign(alsoInside, { ambient: true });
  Object.assign(outside, { ambient: false, ports: somePort(random) });
}

function somePort(random: Random): DraftPort[] {
  const port = random.pick(TCP_PORTS);
  return [
    { port, servicePort: port, protocol: 'TCP', peerAuth: 'Strict' },
    { port: 514, servicePort: 514, protocol: 'UDP', peerAuth: 'Strict' },
  ];
}

/** One member for a whole namespace, and sometimes another one within it. */
function draftWholeNamespace(random: Random): Draft[] {
  const ambient = random.chance(0.7);
  const whole = aDraft(WHOLE_NAMESPACE, 'everything', {
    labels: undefined,
    wholeNamespace: WHOLE_NAMESPACE,
    ports: draftPorts(random),
    ambient,
    egress: random.chance(0.3) ? draftEgress(random) : [],
  });
  const within = aDraft(WHOLE_NAMESPACE, 'wiki', {
    ports: draftPorts(random),
    ambient,
  });
  return random.chance(0.4) ? [whole, within] : [whole];
}

function shareAccount(random: Random, members: readonly Draft[]): void {
  const first = random.pick(
    meshMembers(members).filter(one =>
      meshMembers(members).some(other => isNeighbour(one, other)),
    ),
  );
  const second = random.pick(
    meshMembers(members).filter(other => isNeighbour(first, other)),
  );
  const account = random.pick(['shared', 'default']);
  first.account = account;
  second.account = account;
}

function isNeighbour(one: Draft, other: Draft): boolean {
  return one !== other && one.namespace === other.namespace;
}

/** A second member that selects the pods of another one, and more. */
function draftOverlap(random: Random, members: readonly Draft[]): Draft {
  const narrow = random.pick(
    meshMembers(members).filter(({ labels }) => labels?.app),
  );
  narrow.labels = { ...narrow.labels, tier: 'front' };
  return aDraft(narrow.namespace, `${narrow.name}-all`, {
    labels: { app: narrow.name },
    ports: draftPorts(random),
    // The product refuses two members of one pod that disagree on this.
    ambient: narrow.ambient,
    account: narrow.account ?? narrow.name,
  });
}

function drawEdges(random: Random, members: readonly Draft[]): void {
  for (const caller of members)
    for (const callee of members) {
      if (caller === callee || !random.chance(0.25)) continue;
      const half = random.int(0, 9);
      if (half > 1) caller.dependencies.push(refTo(callee));
      if (half !== 2 && half !== 3) callee.callers.push(refTo(caller));
    }
}

function ensureHalves(random: Random, members: readonly Draft[]): void {
  const [asking, asked, offering, offered] = random.sample(members, 4);
  asking.dependencies.push(refTo(asked));
  asked.callers = asked.callers.filter(one => !isRefTo(one, asking));
  offering.callers.push(refTo(offered));
  offered.dependencies = offered.dependencies.filter(
    one => !isRefTo(one, offering),
  );
  random.pick(members).dependencies.push({ namespace: 'edge', name: 'ghost' });
  random.pick(members).callers.push({ namespace: 'nowhere', name: 'ghost' });
}

function isRefTo(reference: { name: string; namespace?: string }, one: Draft) {
  return reference.name === one.name && reference.namespace === one.namespace;
}

function addWildcards(random: Random, members: readonly Draft[]): void {
  const mesh = meshMembers(members);
  const namespace = () => random.pick(members).namespace;
  random.pick(mesh).callers.push({ name: '*' });
  random.pick(mesh).callers.push({ name: '*', namespace: namespace() });
  random.pick(mesh).dependencies.push({ name: '*', namespace: namespace() });
  random.pick(mesh).dependsAll = true;
}

/** One port for callers outside the mesh and one for the API server, on members whose pods are theirs alone. */
function openForPlaintext(random: Random, members: readonly Draft[]): void {
  const alone = meshMembers(members).filter(
    one =>
      one.ambient &&
      !one.wholeNamespace &&
      !members.some(other => isNeighbour(one, other) && overlaps(one, other)),
  );
  const [first, second = first] = random.shuffle(alone);
  for (const [one, port, peerAuth] of [
    [first, 8443, 'Permissive'],
    [second, 9443, 'Webhook'],
  ] as const)
    one.ports.push({ port, servicePort: port, protocol: 'TCP', peerAuth });
  const plain = members.find(({ ambient }) => !ambient);
  if (!plain) return;
  plain.dependencies.push(refTo(first));
  first.callers.push(refTo(plain));
}

/** Whether one of two members selects the pods of the other. */
function overlaps({ labels: a }: Draft, { labels: b }: Draft): boolean {
  const includes = (inner: typeof a, outer: typeof a) =>
    !inner ||
    Object.entries(inner).every(([key, value]) => outer?.[key] === value);
  return includes(a, b) || includes(b, a);
}

/** Traffic among a member's own pods; and one that names itself, which means nothing. */
function addPeers(random: Random, members: readonly Draft[]): void {
  const [friendly, vain] = random.shuffle(meshMembers(members));
  friendly.allowPeerTraffic = true;
  vain.allowPeerTraffic = false;
  vain.callers.push(refTo(vain));
  vain.dependencies.push(refTo(vain));
}

/** Declarations that count for nothing: a foreign namespace as target, a service whose member stands beside it. */
function draftOddities(random: Random, members: readonly Draft[]): Draft[] {
  const oddities: Draft[] = [];
  if (random.chance(0.3)) {
    const { namespace } = random.pick(members);
    oddities.push(
      aDraft(namespace, 'grabber', {
        labels: undefined,
        wholeNamespace: 'kube-system',
        ports: somePort(random),
        callers: [{ name: '*' }],
        dependsAll: true,
      }),
    );
  }
  if (random.chance(0.4)) {
    // A service is always in the mesh: beside a plain member it would disagree with whoever shares the pods.
    const { namespace, name } = random.pick(
      meshMembers(members).filter(({ ambient }) => ambient),
    );
    oddities.push(
      aDraft(namespace, name, {
        kind: 'LatticeService',
        labels: serviceLabels(name),
        ports: somePort(random),
        callers: [{ name: '*' }],
      }),
    );
  }
  return oddities;
}
