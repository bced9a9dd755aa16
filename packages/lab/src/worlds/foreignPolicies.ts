import {
  ClusterProfile,
  KubernetesObject,
  LatticeMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';
import { effectiveMembers } from './agreement';
import { Random } from './Random';

/** What foreign policies are drawn for. */
export interface ForeignOptions {
  readonly declared: readonly LatticeMember[];
  readonly pods: readonly JudgedPod[];
  readonly profile: ClusterProfile;
  readonly random: Random;
}

/** One policy that somebody else might have written about a pod. */
type Writer = (subject: JudgedPod, options: ForeignOptions) => KubernetesObject;

const WRITERS: readonly Writer[] = [
  // A chart lets everybody in to one port.
  subject => networkPolicy(subject, { ingress: [{ ports: [{ port: 80 }] }] }),
  // A chart lets everybody in.
  subject => networkPolicy(subject, { ingress: [{}] }),
  // A chart names its own client by label.
  (subject, { pods, random }) =>
    networkPolicy(subject, {
      ingress: [
        {
          from: [
            {
              namespaceSelector: {
                matchLabels: {
                  'kubernetes.io/metadata.name': random.pick(pods).namespace,
                },
              },
              podSelector: {},
            },
            { podSelector: { matchLabels: labelsOf(random.pick(pods)) } },
          ],
          ports: [
            { port: 8080, protocol: 'TCP' },
            { port: 514, protocol: 'UDP' },
          ],
        },
      ],
    }),
  // A chart lets its pods out.
  subject =>
    networkPolicy(subject, {
      policyTypes: ['Egress'],
      egress: [
        { ports: [{ port: 443 }] },
        { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] },
      ],
    }),
  // Closes everything that is not opened elsewhere.
  ({ namespace }) =>
    networkPolicy(
      { namespace, labels: {} },
      { policyTypes: ['Ingress', 'Egress'] },
    ),
  (subject, { random }) =>
    ciliumPolicy(subject, {
      ingress: [
        {
          fromEntities: [
            random.pick(['cluster', 'world', 'all', 'remote-node']),
          ],
          toPorts: [
            {
              ports: [
                { port: '80', protocol: 'TCP' },
                { port: '15008', protocol: 'TCP' },
              ],
            },
          ],
        },
      ],
    }),
  (subject, { random, pods }) =>
    ciliumPolicy(subject, {
      ingress: [{ fromEndpoints: [peer(random.pick(pods))] }],
    }),
  (subject, { random, pods }) =>
    ciliumPolicy(subject, {
      ingressDeny: [{ fromEndpoints: [peer(random.pick(pods))] }],
    }),
  (subject, { random }) =>
    ciliumPolicy(subject, {
      egress: [{ toEntities: [random.pick(['cluster', 'world', 'all'])] }],
    }),
  (subject, { random }) =>
    ciliumPolicy(subject, {
      egressDeny: [
        {
          toEntities: [random.pick(['world', 'cluster'])],
          toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
        },
      ],
    }),
  // Opens without closing.
  (subject, { random, pods }) =>
    ciliumPolicy(subject, {
      enableDefaultDeny: { ingress: false, egress: false },
      ingress: [{ fromEndpoints: [peer(random.pick(pods))] }],
      egress: [{ toEndpoints: [peer(random.pick(pods))] }],
    }),
  ({ namespace }, { random }) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'platform' },
    spec: {
      endpointSelector: random.pick([
        {},
        { matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace } },
      ]),
      ...random.pick([
        { ingress: [{ fromEntities: ['host', 'remote-node'] }] },
        {
          egress: [
            {
              toEndpoints: [{}],
              toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }],
            },
          ],
        },
        { ingressDeny: [{ fromEntities: ['world'] }] },
      ]),
    },
  }),
  (subject, { random, pods, profile }) => {
    const { namespace, serviceAccount } = random.pick(pods);
    return authorizationPolicy(subject, {
      action: random.pick(['ALLOW', 'DENY']),
      rules: [
        {
          from: [
            {
              source: random.pick([
                {
                  principals: [
                    `${profile.trustDomain}/ns/${namespace}/sa/${serviceAccount}`,
                  ],
                },
                { namespaces: [namespace] },
                { notPrincipals: ['*'] },
              ]),
            },
          ],
          ...random.pick([
            {},
            { to: [{ operation: { ports: ['80', '8080'] } }] },
          ]),
        },
      ],
    });
  },
  // Lets anyone in: written to make a dashboard work.
  subject => authorizationPolicy(subject, { action: 'ALLOW', rules: [{}] }),
  ({ namespace }, { random, profile }) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: 'platform',
      namespace: random.pick([namespace, profile.rootNamespace]),
    },
    spec: random.pick<Record<string, unknown>>([
      { action: 'ALLOW' },
      { action: 'DENY', rules: [{ to: [{ operation: { ports: ['80'] } }] }] },
      {
        action: 'ALLOW',
        rules: [{ from: [{ source: { namespaces: [namespace] } }] }],
      },
    ]),
  }),
  ({ namespace }, { random, profile }) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'platform',
      namespace: random.pick([namespace, profile.rootNamespace]),
    },
    spec: { mtls: { mode: random.pick(['STRICT', 'PERMISSIVE']) } },
  }),
];

/**
 * Policies that are not ours: of charts, of platform teams, by hand. Each selects at least one pod of a member; some
 * open, some close, some do both or nothing.
 */
export function draftForeignPolicies(
  options: ForeignOptions,
): KubernetesObject[] {
  const { random, declared, pods } = options;
  const namespaces = effectiveMembers(declared).map(
    ({ metadata }) => metadata.namespace,
  );
  const subjects = pods.filter(({ namespace }) =>
    namespaces.includes(namespace),
  );
  return random.sample(WRITERS, random.int(2, 4)).map((write, index) => {
    const object = write(random.pick(subjects), options);
    const name = `${object.metadata.name}-${index}`;
    return { ...object, metadata: { ...object.metadata, name } };
  });
}

type Subject = Pick<JudgedPod, 'namespace' | 'labels'>;

function labelsOf({ labels }: Subject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => key !== 'pod-template-hash'),
  );
}

function peer(pod: JudgedPod) {
  return {
    matchLabels: {
      ...labelsOf(pod),
      'k8s:io.kubernetes.pod.namespace': pod.namespace,
    },
  };
}

function networkPolicy(
  subject: Subject,
  spec: Record<string, unknown>,
): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'chart', namespace: subject.namespace },
    spec: {
      podSelector: { matchLabels: labelsOf(subject) },
      policyTypes: ['Ingress'],
      ...spec,
    },
  };
}

function ciliumPolicy(
  subject: Subject,
  spec: Record<string, unknown>,
): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'by-hand', namespace: subject.namespace },
    spec: { endpointSelector: { matchLabels: labelsOf(subject) }, ...spec },
  };
}

function authorizationPolicy(
  subject: Subject,
  spec: Record<string, unknown>,
): KubernetesObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'by-hand', namespace: subject.namespace },
    spec: { selector: { matchLabels: labelsOf(subject) }, ...spec },
  };
}
