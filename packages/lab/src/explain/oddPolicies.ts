import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';
import { Random, World } from '../worlds';

type Json = Record<string, unknown>;

/** Every corner of the policy kinds that is rare in real clusters, so that explanations are asked about those, too. */
export function draftOddPolicies(
  { pods, profile }: World,
  random: Random,
): KubernetesObject[] {
  const { trustDomain, rootNamespace } = profile;
  const draft = new OddPolicies(pods, random, { trustDomain, rootNamespace });
  const objects = Array.from({ length: random.int(2, 5) }, () => draft.any());
  return objects.map((object, index) => ({
    ...object,
    metadata: { ...object.metadata, name: `odd-${index}` },
  }));
}

class OddPolicies {
  constructor(
    private readonly pods: readonly JudgedPod[],
    private readonly random: Random,
    private readonly mesh: { trustDomain: string; rootNamespace: string },
  ) {}

  any(): KubernetesObject {
    const write = this.random.pick([
      () => this.cilium(),
      () => this.cilium(),
      () => this.clusterwide(),
      () => this.networkPolicy(),
      () => this.networkPolicy(),
      () => this.authorization(),
      () => this.authorization(),
      () => this.peerAuthentication(),
    ]);
    return write();
  }

  private cilium(): KubernetesObject {
    const subject = this.pod();
    const spec = () => ({
      endpointSelector: this.selector(subject),
      ...this.rules(),
    });
    const specs = this.random.chance(0.15)
      ? { specs: [spec(), spec()] }
      : { spec: spec() };
    return {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'odd', namespace: subject.namespace },
      ...specs,
    };
  }

  private clusterwide(): KubernetesObject {
    const subject = this.pod();
    const selector = this.random.pick<Json>([
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
            values: ['kube-system', this.pod().namespace],
          },
        ],
      },
    ]);
    return {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name: 'odd' },
      spec: { endpointSelector: selector, ...this.rules() },
    };
  }

  private rules(): Json {
    const { random } = this;
    const list = (direction: 'from' | 'to', isDeny: boolean) =>
      Array.from({ length: random.int(1, 2) }, () =>
        this.rule(direction, isDeny),
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

  private rule(direction: 'from' | 'to', isDeny: boolean): Json {
    const { random } = this;
    if (random.chance(0.08)) return {};
    const peers = random.chance(0.85) ? this.peers(direction, isDeny) : {};
    return random.chance(0.6) ? { ...peers, ...this.ports() } : peers;
  }

  private peers(direction: 'from' | 'to', isDeny: boolean): Json {
    const { random } = this;
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
          this.peer(),
          ...(random.chance(0.3) ? [this.peer()] : []),
        ],
      }),
      () => ({ [`${direction}Endpoints`]: [this.peer()] }),
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

  private peer(): Json {
    const pod = this.pod();
    const { random } = this;
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
      { matchLabels: { 'reserved:host': '' } },
      {
        matchExpressions: [{ key: 'reserved:remote-node', operator: 'Exists' }],
      },
    ]);
  }

  private selector(pod: JudgedPod): Json {
    return this.random.pick<Json>([
      {},
      { matchLabels: labelsOf(pod) },
      { matchLabels: labelsOf(pod) },
      { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'elsewhere' } },
      { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      { matchLabels: { 'pod-template-hash': '5d9c7b' } },
    ]);
  }

  private ports(): Json {
    const { random } = this;
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

  private networkPolicy(): KubernetesObject {
    const { random } = this;
    const subject = this.pod();
    const peer = () => {
      const pod = this.pod();
      const spaces = {
        matchLabels: { 'kubernetes.io/metadata.name': pod.namespace },
      };
      return random.pick<Json>([
        { podSelector: {} },
        { podSelector: { matchLabels: labelsOf(pod) } },
        { namespaceSelector: {} },
        { namespaceSelector: spaces },
        {
          namespaceSelector: spaces,
          podSelector: { matchLabels: labelsOf(pod) },
        },
        {
          namespaceSelector: {
            matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }],
          },
        },
        { ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] } },
        { ipBlock: { cidr: '203.0.113.0/24' } },
      ]);
    };
    const ports = () =>
      random.chance(0.5)
        ? {
            ports: [
              random.pick<Json>([
                { port: 80 },
                { port: 514, protocol: 'UDP' },
                { protocol: 'TCP' },
                { port: 80, endPort: 9000 },
                { port: 'named' },
                { port: 15008, protocol: 'TCP' },
              ]),
            ],
          }
        : {};
    const rules = (field: 'from' | 'to') =>
      random.pick<() => Json[]>([
        () => [],
        () => [{}],
        () => [{ [field]: [peer()], ...ports() }],
        () => [{ [field]: [peer(), peer()], ...ports() }, ports()],
        () => [{ [field]: [], ...ports() }],
      ])();
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'odd', namespace: subject.namespace },
      spec: {
        podSelector: random.pick<Json>([
          {},
          { matchLabels: labelsOf(subject) },
          {
            matchExpressions: [
              { key: 'app', operator: 'NotIn', values: ['redis'] },
            ],
          },
        ]),
        ...random.pick<Json>([
          {},
          { policyTypes: ['Ingress'] },
          { policyTypes: ['Egress'] },
          { policyTypes: ['Ingress', 'Egress'] },
        ]),
        ...(random.chance(0.7) ? { ingress: rules('from') } : {}),
        ...(random.chance(0.5) ? { egress: rules('to') } : {}),
      },
    };
  }

  private authorization(): KubernetesObject {
    const { random } = this;
    const subject = this.pod();
    const action = random.pick(['ALLOW', 'ALLOW', 'DENY']);
    const rules = Array.from({ length: random.int(1, 2) }, () =>
      this.meshRule(action),
    );
    const namespace = random.chance(0.15)
      ? this.mesh.rootNamespace
      : subject.namespace;
    const selector = random.pick<Json>([
      {},
      { selector: { matchLabels: labelsOf(subject) } },
      { selector: { matchLabels: labelsOf(subject) } },
      { selector: {} },
    ]);
    return {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'odd', namespace },
      spec: {
        ...selector,
        action,
        ...(action === 'DENY' || random.chance(0.85) ? { rules } : {}),
      },
    };
  }

  private meshRule(action: string): Json {
    const { random } = this;
    const pod = this.pod();
    const principal = `${this.mesh.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
    const source = random.pick<Json>([
      { principals: [principal] },
      { principals: [`*/sa/${pod.serviceAccount}`] },
      { principals: [`${this.mesh.trustDomain}/ns/${pod.namespace}/*`] },
      { principals: ['*'] },
      {
        principals: [
          `cluster.local/ns/${pod.namespace}/sa/${pod.serviceAccount}`,
        ],
      },
      { notPrincipals: [principal] },
      { notPrincipals: ['*'] },
      { namespaces: [pod.namespace] },
      { notNamespaces: [pod.namespace, 'tools'] },
      { serviceAccounts: [`${pod.namespace}/${pod.serviceAccount}`] },
      { principals: [principal], notNamespaces: ['tools'] },
      { requestPrincipals: ['issuer/*'] },
    ]);
    const operation = random.pick<Json>([
      { ports: ['80'] },
      { ports: ['80', '8080'] },
      { notPorts: ['80'] },
      { methods: ['GET'], ports: ['80'] },
      { methods: ['GET'] },
    ]);
    const when = random.pick<Json>([
      { key: 'source.namespace', values: [pod.namespace] },
      { key: 'source.principal', notValues: [principal] },
      { key: 'destination.port', values: ['80', '514'] },
      { key: 'request.headers[x-team]', values: ['a'] },
    ]);
    const rule = {
      ...(random.chance(0.7) ? { from: [{ source }] } : {}),
      ...(random.chance(0.5) ? { to: [{ operation }] } : {}),
      ...(random.chance(0.2) ? { when: [when] } : {}),
    };
    return action === 'DENY' && Object.keys(rule).length === 0
      ? { to: [{ operation: { ports: ['9999'] } }] }
      : rule;
  }

  private peerAuthentication(): KubernetesObject {
    const { random } = this;
    const subject = this.pod();
    const mode = () =>
      random.pick(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']);
    const isWorkload = random.chance(0.6);
    return {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: {
        name: 'odd',
        namespace:
          !isWorkload && random.chance(0.4)
            ? this.mesh.rootNamespace
            : subject.namespace,
        creationTimestamp: `2026-01-0${random.int(1, 9)}T00:00:0${random.int(
          0,
          9,
        )}Z`,
      },
      spec: {
        ...(random.chance(0.8) ? { mtls: { mode: mode() } } : {}),
        ...(isWorkload
          ? {
              selector: { matchLabels: labelsOf(subject) },
              ...(random.chance(0.6)
                ? {
                    portLevelMtls: {
                      80: { mode: mode() },
                      8080: { mode: mode() },
                    },
                  }
                : {}),
            }
          : {}),
      },
    };
  }

  private pod(): JudgedPod {
    return this.random.pick(this.pods);
  }
}

function labelsOf({ labels }: JudgedPod): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => key !== 'pod-template-hash'),
  );
}

function prefixed(pod: JudgedPod, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labelsOf(pod)).map(([key, value]) => [
      `${prefix}${key}`,
      value,
    ]),
  );
}
