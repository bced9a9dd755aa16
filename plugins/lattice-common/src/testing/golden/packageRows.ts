import { Patch } from '../manifests';
import { Golden } from './types';

const spec = (fields: Patch): Patch => ({ spec: fields });
const metadata = (fields: Patch): Patch => ({ metadata: fields });
const NAMESPACE = ['namespace-protected metadata.namespace'];
const TARGET = ['target-namespace-protected spec.targetNamespace'];

/** Where a package lives, what it is called, and what it waits for. */
export const packageRows: Golden<
  | 'namespace-form'
  | 'namespace-protected'
  | 'target-namespace-form'
  | 'target-namespace-protected'
  | 'release-name'
  | 'service-account-name'
  | 'depends-on'
  | 'allowed-dependents'
  | 'duration-range'
  | 'field-unsupported'
> = {
  'namespace-form': {
    passes: [
      ['digits and dashes', metadata({ namespace: '1-data' })],
      ['63 characters', metadata({ namespace: 'a'.repeat(63) })],
    ],
    finds: [
      [
        'capitals',
        metadata({ namespace: 'Data' }),
        ['namespace-form metadata.namespace'],
      ],
      [
        'a dot',
        metadata({ namespace: 'a.b' }),
        ['namespace-form metadata.namespace'],
      ],
      [
        'a dash at the end',
        metadata({ namespace: 'a-' }),
        ['namespace-form metadata.namespace'],
      ],
    ],
  },
  'namespace-protected': {
    passes: [
      ['a name that begins alike', metadata({ namespace: 'kube-systems' })],
      [
        'an object that the platform team exempts',
        metadata({ namespace: 'kube-system', name: 'metrics' }),
      ],
    ],
    finds: [
      ['kube-system', metadata({ namespace: 'kube-system' }), NAMESPACE],
      ['istio-system', metadata({ namespace: 'istio-system' }), NAMESPACE],
      ['lattice-system', metadata({ namespace: 'lattice-system' }), NAMESPACE],
      [
        'external-secrets',
        metadata({ namespace: 'external-secrets' }),
        NAMESPACE,
      ],
      ['cert-manager', metadata({ namespace: 'cert-manager' }), NAMESPACE],
      ['kube-public', metadata({ namespace: 'kube-public' }), NAMESPACE],
      [
        'an exempt name in another namespace',
        metadata({ namespace: 'istio-system', name: 'metrics' }),
        NAMESPACE,
      ],
      [
        'another name in an exempt namespace',
        metadata({ namespace: 'kube-system', name: 'metrics2' }),
        NAMESPACE,
      ],
      [
        'a target elsewhere does not help',
        {
          metadata: { namespace: 'kube-system' },
          spec: { targetNamespace: 'data' },
        },
        NAMESPACE,
      ],
    ],
  },
  'target-namespace-form': {
    passes: [['another namespace', spec({ targetNamespace: 'cache' })]],
    finds: [
      [
        'what is no namespace name',
        spec({ targetNamespace: 'Data!' }),
        ['target-namespace-form spec.targetNamespace'],
      ],
      [
        'nothing',
        spec({ targetNamespace: '' }),
        ['target-namespace-form spec.targetNamespace'],
      ],
      [
        'every namespace',
        spec({ targetNamespace: '*' }),
        ['target-namespace-form spec.targetNamespace'],
      ],
    ],
  },
  'target-namespace-protected': {
    passes: [
      ['its own namespace written out', spec({ targetNamespace: 'data' })],
      [
        'an exempt object',
        {
          metadata: { namespace: 'kube-system', name: 'metrics' },
          spec: { targetNamespace: 'istio-system' },
        },
      ],
    ],
    finds: [
      ['kube-system', spec({ targetNamespace: 'kube-system' }), TARGET],
      ['istio-system', spec({ targetNamespace: 'istio-system' }), TARGET],
      ['lattice-system', spec({ targetNamespace: 'lattice-system' }), TARGET],
      ['velero', spec({ targetNamespace: 'velero' }), TARGET],
    ],
  },
  'release-name': {
    passes: [
      ['53 characters', metadata({ name: 'a'.repeat(53) })],
      ['dots', metadata({ name: 'redis.cache' })],
    ],
    finds: [
      [
        '54 characters',
        metadata({ name: 'a'.repeat(54) }),
        ['release-name metadata.name'],
      ],
      ['capitals', metadata({ name: 'Redis' }), ['release-name metadata.name']],
      [
        'an option',
        metadata({ name: '--debug' }),
        ['release-name metadata.name'],
      ],
    ],
  },
  'service-account-name': {
    passes: [
      ['a name with dots', spec({ serviceAccountName: 'redis.installer' })],
    ],
    finds: [
      [
        'a path',
        spec({ serviceAccountName: '../x' }),
        ['service-account-name spec.serviceAccountName'],
      ],
      [
        'nothing',
        spec({ serviceAccountName: '' }),
        ['service-account-name spec.serviceAccountName'],
      ],
      [
        'an account of another namespace',
        spec({ serviceAccountName: 'system:serviceaccount:kube-system:x' }),
        ['service-account-name spec.serviceAccountName'],
      ],
    ],
  },
  'depends-on': {
    passes: [
      ['the same name elsewhere', spec({ dependsOn: ['cache/redis'] })],
      ['another name here', spec({ dependsOn: [{ name: 'postgres' }] })],
    ],
    finds: [
      [
        'itself',
        spec({ dependsOn: ['redis'] }),
        ['depends-on spec.dependsOn[0]'],
      ],
      [
        'itself, with its namespace',
        spec({ dependsOn: ['a', { name: 'redis', namespace: 'data' }] }),
        ['depends-on spec.dependsOn[1]'],
      ],
      [
        'no name',
        spec({ dependsOn: [{ name: 'A b' }] }),
        ['depends-on spec.dependsOn[0]'],
      ],
      [
        'every package',
        spec({ dependsOn: ['*'] }),
        ['depends-on spec.dependsOn[0]'],
      ],
    ],
  },
  'allowed-dependents': {
    passes: [
      ['a package elsewhere', spec({ allowedDependents: ['shop/web'] })],
    ],
    finds: [
      [
        'everybody',
        spec({ allowedDependents: ['shop/*'] }),
        ['allowed-dependents spec.allowedDependents[0]'],
      ],
    ],
  },
  'duration-range': {
    passes: [
      ['an hour and a half', spec({ timeout: '1h30m' })],
      ['a day', spec({ progressDeadline: '24h' })],
      ['a second', spec({ timeout: '1s' })],
    ],
    finds: [
      ['no time', spec({ timeout: '0s' }), ['duration-range spec.timeout']],
      [
        'more than a day',
        spec({ progressDeadline: '24h1s' }),
        ['duration-range spec.progressDeadline'],
      ],
      [
        'more than any number',
        spec({ timeout: '99999999999999999999h' }),
        ['duration-range spec.timeout'],
      ],
    ],
  },
  'field-unsupported': {
    passes: [
      [
        'what is switched off',
        spec({ createNamespace: false, propagate: false }),
      ],
    ],
    finds: [
      [
        'the making of namespaces',
        spec({ createNamespace: true }),
        ['field-unsupported spec.createNamespace (warning)'],
      ],
      [
        'copies in other clusters',
        spec({ propagate: true }),
        ['field-unsupported spec.propagate (warning)'],
      ],
    ],
  },
};
