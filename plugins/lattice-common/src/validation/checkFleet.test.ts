import { parseService } from '../api/parseService';
import { LatticeMember } from '../api/memberModel';
import { aMember, aPackage } from '../testing/manifests';
import { checkFleet, Fleet } from './checkFleet';

function aService(name: string, resources: object): LatticeMember {
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

const named = (name: string, spec: object = {}) =>
  aPackage({ metadata: { name }, spec: { ...spec } });
const redis = aMember({
  spec: { allowedCallers: [{ name: 'checkout', namespace: 'commerce' }] },
});
const callsRedis = { redis: { type: 'service', namespace: 'data' } };

function found(fleet: Partial<Fleet>): string[] {
  return checkFleet({ packages: [], members: [], ...fleet }).map(
    ({ rule, severity, kind, object, path }) =>
      `${severity} ${rule} ${kind} ${object.namespace}/${object.name} ${path}`,
  );
}

describe('checkFleet', () => {
  it('finds nothing where everything fits', () => {
    expect(
      found({
        packages: [named('redis'), named('web', { dependsOn: ['redis'] })],
        members: [redis, aService('checkout', callsRedis)],
      }),
    ).toEqual([]);
  });

  it('reports an outbound dependency that nobody allows, in the words of the chapter', () => {
    const [violation] = checkFleet({
      packages: [],
      members: [aService('checkout', callsRedis)],
    });
    expect(violation).toMatchObject({
      rule: 'agreement-half',
      severity: 'warning',
      path: 'spec.workload.resources.redis',
      object: { namespace: 'commerce', name: 'checkout' },
      message: expect.stringContaining(
        'outbound dependency redis declared but no matching inbound declaration found.',
      ),
    });
  });

  it('says that only the silent caller must change', () => {
    const [violation] = checkFleet({
      packages: [],
      members: [redis, aService('checkout', {})],
    });
    expect(violation).toMatchObject({
      rule: 'agreement-half',
      path: 'spec.allowedCallers[0]',
      message: expect.stringContaining('only commerce/checkout must change'),
    });
  });

  it('does not judge callers that it cannot see', () => {
    expect(found({ members: [redis] })).toEqual([]);
  });

  it('warns of a package that nothing brings into the mesh', () => {
    expect(found({ packages: [named('redis')] })).toEqual([
      'warning member-missing LatticePackage data/redis metadata.name',
    ]);
    expect(
      found({
        packages: [named('redis', { mesh: { selector: { app: 'r' } } })],
      }),
    ).toEqual([]);
  });

  it('refuses a cycle of any length on each package of it, and not on those before it', () => {
    expect(
      found({
        packages: [
          named('a', { dependsOn: ['b'] }),
          named('b', { dependsOn: ['c'] }),
          named('c', { dependsOn: ['a'] }),
          named('d', { dependsOn: ['a'] }),
        ],
        members: [redis],
      }),
    ).toEqual([
      'error dependency-cycle LatticePackage data/a spec.dependsOn',
      'error dependency-cycle LatticePackage data/b spec.dependsOn',
      'error dependency-cycle LatticePackage data/c spec.dependsOn',
    ]);
  });

  it('names the way round', () => {
    const violations = checkFleet({
      packages: [
        named('a', { dependsOn: ['b'] }),
        named('b', { dependsOn: ['a'] }),
      ],
      members: [redis],
    });
    expect(violations[0].message).toContain('data/a -> data/b -> data/a');
  });

  it('warns of a dependency that is not there', () => {
    expect(
      found({ packages: [named('a', { dependsOn: ['b'] })], members: [redis] }),
    ).toEqual([
      'warning dependency-missing LatticePackage data/a spec.dependsOn[0]',
    ]);
  });

  it('refuses two packages that would be one release', () => {
    const other = aPackage({
      metadata: { namespace: 'team' },
      spec: { targetNamespace: 'data' },
    });
    expect(
      found({ packages: [named('redis'), other], members: [redis] }),
    ).toEqual([
      'error release-conflict LatticePackage team/redis metadata.name',
    ]);
  });

  it('warns of members that the mesh cannot tell apart', () => {
    const twin = aMember({
      metadata: { name: 'twin' },
      spec: { serviceAccount: 'redis' },
    });
    expect(found({ members: [redis, twin] })).toEqual([
      'warning identity-shared LatticeMeshMember data/twin spec.serviceAccount',
    ]);
  });
});
