import { Golden } from './types';

const PERMIT = 'permit(principal, action, resource);';

/** CedarPolicy objects; the engine of the table calls everything else than a permit or forbid wrong. */
export const policyRows: Golden<
  'policy-namespace' | 'policy-empty' | 'policy-syntax'
> = {
  'policy-namespace': {
    passes: [['where policies count', {}]],
    finds: [
      [
        'a namespace of a team',
        { metadata: { namespace: 'data' } },
        ['policy-namespace metadata.namespace (warning)'],
      ],
    ],
  },
  'policy-empty': {
    passes: [
      ['a permit', { spec: { policies: PERMIT } }],
      ['nothing, switched off', { spec: { policies: '', enabled: false } }],
    ],
    finds: [
      [
        'nothing but space',
        { spec: { policies: ' \n' } },
        ['policy-empty spec.policies (warning)'],
      ],
    ],
  },
  'policy-syntax': {
    passes: [['two policies', { spec: { policies: `${PERMIT}\n${PERMIT}` } }]],
    finds: [
      [
        'a sentence',
        { spec: { policies: 'let redis read its secrets' } },
        ['policy-syntax spec.policies'],
      ],
    ],
  },
};
