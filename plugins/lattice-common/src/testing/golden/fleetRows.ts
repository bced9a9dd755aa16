import { parseService } from '../../api/parseService';
import { LatticeMember } from '../../api/memberModel';
import { meshMemberOf } from '../../api/meshMember';
import { LatticePackage } from '../../api/packageModel';
import { aMember, aPackage, Patch } from '../manifests';
import { Golden, Part } from './types';

/** A service of namespace commerce with these resources. */
export function aService(name: string, resources: object): LatticeMember {
  const result = parseService({
    kind: 'LatticeService',
    metadata: { name, namespace: 'commerce' },
    spec: { workload: { resources } },
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

const named = (name: string, spec: Patch = {}): LatticePackage =>
  aPackage({ metadata: { name }, spec });
const member = (name: string, spec: Patch = {}, namespace = 'data') =>
  aMember({ metadata: { name, namespace }, spec });
const selects = (labels: Patch, more: Patch = {}): Patch => ({
  target: { selector: { app: undefined, ...labels } },
  ...more,
});
const redis = member('redis', { allowedCallers: ['commerce/checkout'] });
const callsRedis = { redis: { type: 'service', namespace: 'data' } };
const block = { mesh: { selector: { app: 'redis' } } };
const derived = meshMemberOf(named('redis', block))!;

/** How objects fit together; what is found names the object as well. */
export const fleetRows: Golden<
  | 'release-conflict'
  | 'dependency-cycle'
  | 'dependency-missing'
  | 'member-missing'
  | 'member-shadowed'
  | 'agreement-half'
  | 'identity-shared',
  Part
> = {
  'release-conflict': {
    passes: [
      [
        'one name in two namespaces',
        {
          packages: [
            named('redis', block),
            aPackage({ metadata: { namespace: 'cache' }, spec: block }),
          ],
        },
      ],
    ],
    finds: [
      [
        'two packages that would be one release',
        {
          packages: [
            named('redis'),
            aPackage({
              metadata: { namespace: 'team' },
              spec: { targetNamespace: 'data' },
            }),
          ],
          members: [redis],
        },
        ['release-conflict metadata.name LatticePackage team/redis'],
      ],
    ],
  },
  'dependency-cycle': {
    passes: [
      [
        'a diamond',
        {
          packages: [
            named('a', { dependsOn: ['b', 'c'] }),
            named('b', { dependsOn: ['d'] }),
            named('c', { dependsOn: ['d'] }),
            named('d'),
          ],
          members: [redis],
        },
      ],
      [
        'the same name elsewhere',
        {
          packages: [
            named('redis', { dependsOn: ['cache/redis'] }),
            aPackage({ metadata: { namespace: 'cache' }, spec: block }),
          ],
          members: [redis],
        },
      ],
    ],
    finds: [
      [
        'a cycle of three, on each of it, and not on what waits for it',
        {
          packages: [
            named('a', { dependsOn: ['b'] }),
            named('b', { dependsOn: ['c'] }),
            named('c', { dependsOn: ['a'] }),
            named('before', { dependsOn: ['a'] }),
          ],
          members: [redis],
        },
        [
          'dependency-cycle spec.dependsOn LatticePackage data/a',
          'dependency-cycle spec.dependsOn LatticePackage data/b',
          'dependency-cycle spec.dependsOn LatticePackage data/c',
        ],
      ],
      [
        'a cycle across namespaces',
        {
          packages: [
            named('a', { dependsOn: ['cache/redis'] }),
            aPackage({
              metadata: { namespace: 'cache' },
              spec: { ...block, dependsOn: ['data/a'] },
            }),
          ],
          members: [redis],
        },
        [
          'dependency-cycle spec.dependsOn LatticePackage data/a',
          'dependency-cycle spec.dependsOn LatticePackage cache/redis',
        ],
      ],
    ],
  },
  'dependency-missing': {
    passes: [
      [
        'a package that is there',
        {
          packages: [named('a', { dependsOn: ['b'] }), named('b')],
          members: [redis],
        },
      ],
    ],
    finds: [
      [
        'a package that is not',
        {
          packages: [named('a', { dependsOn: ['x', 'b'] }), named('b')],
          members: [redis],
        },
        [
          'dependency-missing spec.dependsOn[0] LatticePackage data/a (warning)',
        ],
      ],
    ],
  },
  'member-missing': {
    passes: [
      ['a mesh block', { packages: [named('redis', block)] }],
      [
        'a member in the namespace',
        { packages: [named('redis')], members: [redis] },
      ],
      [
        'a member where the release goes',
        {
          packages: [named('a', { targetNamespace: 'cache' })],
          members: [member('redis', {}, 'cache')],
        },
      ],
    ],
    finds: [
      [
        'a package that nothing brings into the mesh',
        { packages: [named('redis')] },
        ['member-missing metadata.name LatticePackage data/redis (warning)'],
      ],
      [
        'a member where the package is and the release is not',
        {
          packages: [named('a', { targetNamespace: 'cache' })],
          members: [redis],
        },
        ['member-missing metadata.name LatticePackage data/a (warning)'],
      ],
    ],
  },
  'member-shadowed': {
    passes: [
      [
        'the member that the block stands for',
        { packages: [named('redis', block)], members: [derived] },
      ],
    ],
    finds: [
      [
        'a block beside a member written by hand',
        { packages: [named('redis', block)], members: [redis] },
        ['member-shadowed spec.mesh LatticePackage data/redis (warning)'],
      ],
    ],
  },
  'agreement-half': {
    passes: [
      ['both halves', { members: [redis, aService('checkout', callsRedis)] }],
      ['a caller that is not given', { members: [redis] }],
    ],
    finds: [
      [
        'a dependency that nobody allows',
        { members: [aService('checkout', callsRedis)] },
        [
          'agreement-half spec.workload.resources.redis LatticeService commerce/checkout (warning)',
        ],
      ],
      [
        'a caller that declares nothing',
        { members: [redis, aService('checkout', {})] },
        [
          'agreement-half spec.allowedCallers[0] LatticeMeshMember data/redis (warning)',
        ],
      ],
    ],
  },
  'identity-shared': {
    passes: [
      [
        'one account name in two namespaces',
        { members: [redis, member('redis', {}, 'cache')] },
      ],
    ],
    finds: [
      [
        'two members of one account',
        {
          members: [
            redis,
            member('web', selects({ app: 'web' }, { serviceAccount: 'redis' })),
          ],
        },
        [
          'identity-shared spec.serviceAccount LatticeMeshMember data/web (warning)',
        ],
      ],
    ],
  },
};
