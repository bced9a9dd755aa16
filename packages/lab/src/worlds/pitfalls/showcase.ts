import {
  DEFAULT_PROFILE,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../../judges';
import { effectiveMembers } from '../agreement';
import { podOf } from '../placePods';
import { readManifest } from '../randomWorld';
import { World } from '../types';

function manifest(
  key: string,
  spec: Record<string, unknown>,
): KubernetesObject {
  const [namespace, name] = key.split('/');
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { namespace, name, uid: `uid-${name}`, generation: 1 },
    spec: { target: { selector: { app: name } }, ...spec },
  };
}

/** One member for each thing that a naive compiler gets wrong. */
const MANIFESTS: readonly KubernetesObject[] = [
  manifest('shop/web', {
    ports: [{ port: 8080, servicePort: 80, name: 'http' }],
    dependencies: [
      'data/redis',
      'data/ledger',
      'plain-api',
      'tools/everything',
      'data/bound',
    ],
    egress: [
      { target: { fqdn: '*.example.com' }, ports: [443] },
      { target: { cidr: '203.0.113.0/24' }, ports: [443] },
      { target: { entity: 'cluster' }, ports: [80] },
    ],
  }),
  manifest('shop/batch', {
    ambient: false,
    serviceAccount: 'batch-runner',
    dependencies: ['data/redis', 'data/ledger', 'plain-api', 'data/portless'],
  }),
  manifest('shop/plain-api', {
    ambient: false,
    ports: [
      { port: 80, name: 'http' },
      { port: 514, name: 'log', protocol: 'UDP' },
    ],
    allowedCallers: ['web', 'batch'],
  }),
  manifest('data/redis', {
    ports: [
      { port: 6379, servicePort: 16379, name: 'redis' },
      { port: 514, name: 'log', protocol: 'UDP' },
    ],
    allowedCallers: ['shop/web', 'shop/batch'],
  }),
  manifest('data/ledger', {
    ports: [
      { port: 8443, name: 'https', peerAuth: 'Permissive' },
      { port: 9443, name: 'hook', peerAuth: 'Webhook' },
    ],
    allowedCallers: ['shop/web', 'shop/batch'],
  }),
  manifest('data/idle', { ports: [{ port: 80, name: 'http' }] }),
  manifest('data/mute', { ambient: false }),
  manifest('data/portless', {
    ambient: false,
    allowedCallers: ['shop/batch'],
  }),
  manifest('data/bound', {
    ports: [{ port: 80, name: 'http' }],
    allowedCallers: ['shop/*'],
  }),
  manifest('data/snoop', { dependencies: ['redis', 'bound'] }),
  manifest('data/vmagent', { dependsAll: true }),
  manifest('tools/everything', {
    target: { namespace: 'tools' },
    ports: [{ port: 8080, name: 'http' }],
    allowedCallers: ['shop/web'],
  }),
];

const STRANGER: JudgedPod = {
  namespace: 'shop',
  name: 'stranger',
  labels: { app: 'stranger' },
  serviceAccount: 'default',
  ambient: false,
};

/**
 * A small world in which every pitfall has something to break: DNS and trust domain are not the usual ones, ports differ
 * from those of their Services, and every kind of callee has agreed, half agreed and unagreed callers.
 */
export function showcase(): World {
  const declared = MANIFESTS.map(readManifest);
  const own = effectiveMembers(declared).map(member =>
    podOf(member, `${member.metadata.name}-0`),
  );
  const [web] = own;
  const pods = [
    ...own,
    STRANGER,
    { ...STRANGER, name: 'stranger-in-mesh', ambient: true },
    { ...web, namespace: 'outskirts', name: 'lookalike' },
    {
      namespace: 'dns-system',
      name: 'dns-0',
      labels: { dns: 'coredns' },
      serviceAccount: 'coredns',
      ambient: false,
    },
  ];
  return {
    seed: 0,
    profile: {
      ...DEFAULT_PROFILE,
      trustDomain: 'td.example',
      dns: {
        namespace: 'dns-system',
        labels: { dns: 'coredns' },
        ports: [5353],
      },
    },
    manifests: MANIFESTS,
    declared,
    pods,
    namespaces: ['data', 'dns-system', 'outskirts', 'shop', 'tools'].map(
      name => ({ name, labels: { 'kubernetes.io/metadata.name': name } }),
    ),
    externals: [
      { name: 'partner', cidr: '203.0.113.7/32' },
      { name: 'api', cidr: '198.51.100.9/32', fqdn: 'api.example.com' },
    ],
    foreign: [],
  };
}
