import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';
import { anyPod, Draft, Json, labelsOf } from './oddDraft';

/** A CiliumNetworkPolicy. */
export function draftCilium(draft: Draft): KubernetesObject {
  const subject = anyPod(draft);
  const spec = () => ({
    endpointSelector: draftSelector(draft, subject),
    ...draftRules(draft),
  });
  const specs = draft.random.chance(0.15)
    ? { specs: [spec(), spec()] }
    : { spec: spec() };
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'odd', namespace: subject.namespace },
    ...specs,
  };
}

/** A CiliumClusterwideNetworkPolicy. */
export function draftClusterwide(draft: Draft): KubernetesObject {
  const subject = anyPod(draft);
  const selector = draft.random.pick<Json>([
    {},
    { matchLabels: { 'k8s:io.kubernetes.pod.namespace': subject.namespace } },
    {
      matchLabels: {
        'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name':
          subject.namespace,
      },
    },
    {
      matchExpressions: [
        {
          key: 'io.kubernetes.pod.namespace',
          operator: 'NotIn',
          values: ['kube-system', anyPod(draft).namespace],
        },
      ],
    },
  ]);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'odd' },
    spec: { endpointSelector: selector, ...draftRules(draft) },
  };
}

function draftRules(draft: Draft): Json {
  const { random } = draft;
  const list = (direction: 'from' | 'to', isDeny: boolean) =>
    Array.from({ length: random.int(1, 2) }, () =>
      draftRule(draft, direction, isDeny),
    );
  const lists = random.sample(
    [
      ['ingress', () => list('from', false)],
      ['ingressDeny', () => list('from', true)],
      ['egress', () => list('to', false)],
      ['egressDeny', () => list('to', true)],
    ] as const,
    random.int(1, 2),
  );
  return {
    ...(random.chance(0.25)
      ? {
          enableDefaultDeny: {
            ingress: random.chance(0.5),
            egress: random.chance(0.5),
          },
        }
      : {}),
    ...Object.fromEntries(lists.map(([name, write]) => [name, write()])),
  };
}

function draftRule(
  draft: Draft,
  direction: 'from' | 'to',
  isDeny: boolean,
): Json {
  const { random } = draft;
  if (random.chance(0.08)) return {};
  const peers = random.chance(0.85) ? draftPeers(draft, direction, isDeny) : {};
  return random.chance(0.6) ? { ...peers, ...draftPorts(draft) } : peers;
}

function draftPeers(
  draft: Draft,
  direction: 'from' | 'to',
  isDeny: boolean,
): Json {
  const { random } = draft;
  const entity = () =>
    random.pick([
      'all',
      'world',
      'cluster',
      'host',
      'remote-node',
      'kube-apiserver',
      'none',
    ]);
  return random.pick<() => Json>([
    () => ({
      [`${direction}Endpoints`]: [
        draftPeer(draft),
        ...(random.chance(0.3) ? [draftPeer(draft)] : []),
      ],
    }),
    () => ({ [`${direction}Endpoints`]: [draftPeer(draft)] }),
    () => ({ [`${direction}Endpoints`]: [] }),
    () => ({ [`${direction}Entities`]: [entity(), entity()] }),
    () => ({
      [`${direction}CIDR`]: [
        random.pick([
          '0.0.0.0/0',
          '203.0.113.0/24',
          '198.51.100.9',
          '2001:db8::/32',
        ]),
      ],
    }),
    () => ({
      [`${direction}CIDRSet`]: [
        {
          cidr: random.pick(['0.0.0.0/0', '203.0.113.0/24', '198.0.0.0/8']),
          except: [random.pick(['203.0.113.7/32', '203.0.113.128/25'])],
        },
      ],
    }),
    () =>
      direction === 'to' && !isDeny
        ? {
            toFQDNs: [
              random.pick([
                { matchName: 'api.example.com' },
                { matchPattern: '*.example.com' },
                { matchPattern: '**.com' },
                { matchPattern: 'a*i.example.*' },
                { matchPattern: '*' },
                ...(random.chance(0.3) ? [{ matchName: 'a(b' }] : []),
              ]),
            ],
          }
        : { [`${direction}Entities`]: [entity()] },
    // Refused by the agent.
    () => ({
      [`${direction}Endpoints`]: [{}],
      [`${direction}Entities`]: ['world'],
    }),
  ])();
}

function draftPeer(draft: Draft): Json {
  const pod = anyPod(draft);
  const { random } = draft;
  return random.pick<Json>([
    {},
    { matchLabels: labelsOf(pod) },
    {
      matchLabels: {
        ...prefixed(pod, 'k8s:'),
        'k8s:io.kubernetes.pod.namespace': pod.namespace,
      },
    },
    {
      matchLabels: {
        ...prefixed(pod, 'any:'),
        'io.kubernetes.pod.namespace': pod.namespace,
      },
    },
    {
      matchExpressions: [
        { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' },
      ],
    },
    {
      matchExpressions: [
        { key: 'app', operator: 'In', values: ['redis', 'checkout'] },
        {
          key: 'io.kubernetes.pod.namespace',
          operator: 'NotIn',
          values: [pod.namespace],
        },
      ],
    },
    {
      matchLabels: {
        'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name':
          pod.namespace,
      },
    },
    {
      matchLabels: {
        'k8s:io.cilium.k8s.policy.serviceaccount': pod.serviceAccount,
        'k8s:io.kubernetes.pod.namespace': pod.namespace,
      },
    },
    { matchLabels: { 'pod-template-hash': '5d9c7b' } },
    { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
    // Refused by the agent.
    ...(random.chance(0.3)
      ? [{ matchExpressions: [{ key: 'app', operator: 'In', values: [] }] }]
      : []),
    { matchLabels: { 'reserved:host': '' } },
    {
      matchExpressions: [{ key: 'reserved:remote-node', operator: 'Exists' }],
    },
  ]);
}

function draftSelector(draft: Draft, pod: JudgedPod): Json {
  return draft.random.pick<Json>([
    {},
    { matchLabels: labelsOf(pod) },
    { matchLabels: labelsOf(pod) },
    { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'elsewhere' } },
    { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
    { matchLabels: { 'pod-template-hash': '5d9c7b' } },
  ]);
}

function draftPorts(draft: Draft): Json {
  const { random } = draft;
  const number = () => String(random.pick([80, 8080, 443, 514, 15008]));
  const port = () =>
    random.pick<Json>([
      { port: number(), protocol: 'TCP' },
      { port: number(), protocol: 'UDP' },
      { port: number() },
      { port: number(), protocol: 'ANY' },
      { port: '0', protocol: 'TCP' },
      { port: '80', endPort: 9000, protocol: 'TCP' },
      { port: 'named', protocol: 'TCP' },
    ]);
  return random.pick<() => Json>([
    () => ({ toPorts: [{ ports: [port()] }] }),
    () => ({ toPorts: [{ ports: [port(), port()] }, { ports: [port()] }] }),
    () => ({ toPorts: [] }),
    () => ({ toPorts: [{ ports: [] }] }),
    () => ({ icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] }),
  ])();
}

function prefixed(pod: JudgedPod, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labelsOf(pod)).map(([key, value]) => [
      `${prefix}${key}`,
      value,
    ]),
  );
}
