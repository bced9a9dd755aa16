import { Patch } from '../manifests';
import { Golden, Row } from './types';

const spec = (fields: Patch): Patch => ({ spec: fields });
const selector = (labels: Patch): Patch =>
  spec({ target: { selector: { app: undefined, ...labels } } });
const whole = (fields: Patch): Patch =>
  spec({ target: { selector: undefined, namespace: 'data' }, ...fields });
const LABEL = 'spec.target.selector';

/** Which pods a member is about. */
export const selectorRows: Golden<
  | 'member-name'
  | 'selector-empty'
  | 'selector-syntax'
  | 'selector-reserved'
  | 'selector-ignored'
  | 'namespace-target'
  | 'namespace-target-peer-auth'
> = {
  'member-name': {
    passes: [['dots', { metadata: { name: 'redis.cache' } }]],
    finds: [
      [
        'capitals',
        { metadata: { name: 'Redis' }, spec: { serviceAccount: 'redis' } },
        ['member-name metadata.name'],
      ],
      [
        'capitals, also as the account that nobody named',
        { metadata: { name: 'Redis' } },
        ['member-name metadata.name', 'service-account-name metadata.name'],
      ],
    ],
  },
  'selector-empty': {
    passes: [['one label', {}]],
    finds: [
      ['no label', selector({}), [`selector-empty ${LABEL}`]],
      [
        'no label under matchLabels',
        selector({ matchLabels: {} }),
        [`selector-empty ${LABEL}.matchLabels`],
      ],
    ],
  },
  'selector-syntax': {
    passes: [
      ['a prefix', selector({ 'example.com/tier': 'a' })],
      ['an empty value', selector({ tier: '' })],
      ['a value of 63 characters', selector({ app: 'a'.repeat(63) })],
      ['capitals', selector({ Tier: 'A_b.C-d' })],
    ],
    finds: [
      [
        'a key with a space',
        selector({ 'a b': 'x' }),
        [`selector-syntax ${LABEL}["a b"]`],
      ],
      ['an empty key', selector({ '': 'x' }), [`selector-syntax ${LABEL}[""]`]],
      [
        'two slashes',
        selector({ 'a/b/c': 'x' }),
        [`selector-syntax ${LABEL}["a/b/c"]`],
      ],
      [
        'a value with a space',
        selector({ app: 'a b' }),
        [`selector-syntax ${LABEL}.app`],
      ],
      [
        '64 characters',
        selector({ app: 'a'.repeat(64) }),
        [`selector-syntax ${LABEL}.app`],
      ],
      [
        'a value that ends in a dash',
        selector({ app: 'a-' }),
        [`selector-syntax ${LABEL}.app`],
      ],
      ['a wildcard', selector({ app: '*' }), [`selector-syntax ${LABEL}.app`]],
      [
        'a label under matchLabels, where it was written',
        selector({ matchLabels: { app: 'a b' } }),
        [`selector-syntax ${LABEL}.matchLabels.app`],
      ],
    ],
  },
  'selector-reserved': {
    passes: [
      ['a label that only looks alike', selector({ 'reserved-for': 'x' })],
      ['a label of an application', selector({ anything: 'x' })],
      ['the usual label', selector({ 'app.kubernetes.io/name': 'redis' })],
    ],
    finds: [
      ...[
        'any:app',
        'k8s:app',
        'reserved:world',
        'cidr:10.0.0.0',
        'fqdn:x',
      ].map(
        (key): Row => [
          `a source: ${key}`,
          selector({ [key]: 'x' }),
          [
            `selector-syntax ${LABEL}["${key}"]`,
            `selector-reserved ${LABEL}["${key}"]`,
          ],
        ],
      ),
      ...[
        'reserved.world',
        'any.app',
        'io.kubernetes.pod.namespace',
        'io.cilium.k8s.namespace.labels.team',
        'io.cilium.k8s.policy.serviceaccount',
        'io.kubernetes.container.name',
      ].map(
        (key): Row => [
          `a name of Cilium: ${key}`,
          selector({ [key]: 'x' }),
          [`selector-reserved ${LABEL}["${key}"]`],
        ],
      ),
    ],
  },
  'selector-ignored': {
    passes: [
      [
        'a label of applications',
        selector({ 'app.kubernetes.io/part-of': 'a' }),
      ],
      ['a label of Istio', selector({ 'istio.io/rev': 'a' })],
    ],
    finds: [
      ...[
        'statefulset.kubernetes.io/pod-name',
        'apps.kubernetes.io/pod-index',
        'batch.kubernetes.io/job-completion-index',
        'topology.kubernetes.io/zone',
        'beta.kubernetes.io/os',
        'kubernetes.io/os',
        'k8s.io/cluster',
      ].map(
        (key): Row => [
          `a label that identities leave out: ${key}`,
          selector({ [key]: 'x' }),
          [`selector-ignored ${LABEL}["${key}"]`],
        ],
      ),
      [
        'the hash of a template',
        selector({ 'pod-template-hash': 'abc' }),
        [`selector-ignored ${LABEL}.pod-template-hash`],
      ],
      [
        'one such label beside a good one, for all must match',
        selector({ app: 'redis', 'controller-revision-hash': 'abc' }),
        [`selector-ignored ${LABEL}.controller-revision-hash`],
      ],
    ],
  },
  'namespace-target': {
    passes: [['its own namespace', whole({})]],
    finds: [
      [
        'another namespace',
        spec({ target: { selector: undefined, namespace: 'other' } }),
        ['namespace-target spec.target.namespace'],
      ],
      [
        'no namespace',
        spec({ target: { selector: undefined, namespace: '' } }),
        ['namespace-target spec.target.namespace'],
      ],
    ],
  },
  'namespace-target-peer-auth': {
    passes: [['Strict', whole({ ports: [{ port: 1, name: 'a' }] })]],
    finds: [
      [
        'Webhook',
        whole({ ports: [{ port: 1, name: 'a', peerAuth: 'Webhook' }] }),
        ['namespace-target-peer-auth spec.ports[0].peerAuth'],
      ],
      [
        'Permissive',
        whole({ ports: [{ port: 1, name: 'a', peerAuth: 'Permissive' }] }),
        [
          'namespace-target-peer-auth spec.ports[0].peerAuth',
          'port-plaintext spec.ports[0].peerAuth (warning)',
        ],
      ],
    ],
  },
};
