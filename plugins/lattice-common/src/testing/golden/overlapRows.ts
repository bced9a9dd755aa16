import { aMember, Patch } from '../manifests';
import { aService } from './fleetRows';
import { Golden, Part } from './types';

const member = (name: string, spec: Patch = {}, namespace = 'data') =>
  aMember({ metadata: { name, namespace }, spec });
const selects = (labels: Patch, more: Patch = {}): Patch => ({
  target: { selector: { app: undefined, ...labels } },
  ...more,
});
const whole = (more: Patch = {}): Patch => ({
  target: { selector: undefined, namespace: 'data' },
  ...more,
});
const port = (peerAuth: string, number = 1): Patch => ({
  ports: [{ port: number, name: 'a', peerAuth }],
});
const redis = member('redis');

/** Members that select the same pods; what is found names the object as well. */
export const overlapRows: Golden<
  'selector-overlap' | 'selector-conflict',
  Part
> = {
  'selector-overlap': {
    passes: [
      [
        'one selector in two namespaces',
        { members: [redis, member('redis', {}, 'cache')] },
      ],
      [
        'values that differ',
        {
          members: [
            member('a', selects({ app: 'x', role: 'a' })),
            member('b', selects({ app: 'x', role: 'b' })),
          ],
        },
      ],
      [
        'labels that a pod might have both, and none has',
        {
          members: [redis, member('b', selects({ role: 'b' }))],
          pods: [{ namespace: 'data', labels: { app: 'redis' } }],
        },
      ],
      [
        'a service and the member that it grows out of',
        {
          members: [
            aService('web', {}),
            member(
              'web',
              selects({ 'app.kubernetes.io/name': 'web' }),
              'commerce',
            ),
          ],
        },
      ],
    ],
    finds: [
      [
        'the same labels',
        { members: [redis, member('twin')] },
        [
          'selector-overlap spec.target.selector LatticeMeshMember data/twin (warning)',
        ],
      ],
      [
        'fewer labels, on the wider one',
        {
          members: [redis, member('a', selects({ app: 'redis', role: 'a' }))],
        },
        [
          'selector-overlap spec.target.selector LatticeMeshMember data/redis (warning)',
        ],
      ],
      [
        'a whole namespace',
        { members: [redis, member('all', whole())] },
        [
          'selector-overlap spec.target.namespace LatticeMeshMember data/all (warning)',
        ],
      ],
      [
        'a pod that both select',
        {
          members: [redis, member('b', selects({ role: 'b' }))],
          pods: [{ namespace: 'data', labels: { app: 'redis', role: 'b' } }],
        },
        [
          'selector-overlap spec.target.selector LatticeMeshMember data/redis (warning)',
        ],
      ],
    ],
  },
  'selector-conflict': {
    passes: [
      [
        'Strict ports of both',
        {
          members: [
            member('a', selects({ app: 'x' }, port('Strict'))),
            member('b', selects({ app: 'y' }, port('Permissive'))),
          ],
        },
      ],
    ],
    finds: [
      [
        'in and out of the mesh',
        { members: [redis, member('twin', { ambient: false })] },
        ['selector-conflict spec.target.selector LatticeMeshMember data/twin'],
      ],
      [
        'one port, two ways to prove oneself',
        {
          members: [
            member('a', port('Strict')),
            member('b', port('Permissive')),
          ],
        },
        ['selector-conflict spec.target.selector LatticeMeshMember data/b'],
      ],
      [
        'two PeerAuthentications, of which one counts',
        {
          members: [
            member('a', port('Permissive', 1)),
            member('b', port('Webhook', 2)),
          ],
        },
        ['selector-conflict spec.target.selector LatticeMeshMember data/b'],
      ],
      [
        'a whole namespace out of the mesh',
        { members: [redis, member('all', whole({ ambient: false }))] },
        ['selector-conflict spec.target.namespace LatticeMeshMember data/all'],
      ],
    ],
  },
};
