import { Golden } from './types';

/** The rules of packages that members share. */
export const memberSharedRows: Golden<
  | 'namespace-form'
  | 'namespace-protected'
  | 'service-account-name'
  | 'field-unsupported'
> = {
  'namespace-form': {
    passes: [['a plain name', { metadata: { namespace: 'cache-2' } }]],
    finds: [
      [
        'capitals',
        { metadata: { namespace: 'Data' } },
        ['namespace-form metadata.namespace'],
      ],
    ],
  },
  'namespace-protected': {
    passes: [
      [
        'an object that the platform team exempts',
        { metadata: { namespace: 'kube-system', name: 'metrics' } },
      ],
    ],
    finds: [
      [
        'cilium-system',
        { metadata: { namespace: 'cilium-system' } },
        ['namespace-protected metadata.namespace'],
      ],
    ],
  },
  'service-account-name': {
    passes: [['dots', { spec: { serviceAccount: 'redis.server' } }]],
    finds: [
      [
        'no name',
        { spec: { serviceAccount: 'A B' } },
        ['service-account-name spec.serviceAccount'],
      ],
      [
        'every account',
        { spec: { serviceAccount: '*' } },
        ['service-account-name spec.serviceAccount'],
      ],
      [
        'an account elsewhere',
        { spec: { serviceAccount: 'kube-system/x' } },
        ['service-account-name spec.serviceAccount'],
      ],
    ],
  },
  'field-unsupported': {
    passes: [['neither', {}]],
    finds: [
      [
        'ingress',
        { spec: { ingress: { routes: {} } } },
        ['field-unsupported spec.ingress (warning)'],
      ],
      [
        'advertise',
        { spec: { advertise: { allowedServices: ['*'] } } },
        ['field-unsupported spec.advertise (warning)'],
      ],
    ],
  },
};
