import { aService } from '../testing/golden/fleetRows';
import { aMember, aPackage } from '../testing/manifests';
import { checkFleet } from './checkFleet';

/* What single rules find is in the golden table; here is how they say it, and that they keep up with a fleet. */

const named = (name: string, spec: object = {}) =>
  aPackage({ metadata: { name }, spec: { ...spec } });
const redis = aMember({
  spec: { allowedCallers: [{ name: 'checkout', namespace: 'commerce' }] },
});
const callsRedis = { redis: { type: 'service', namespace: 'data' } };

describe('checkFleet', () => {
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

  it('names every member that a whole namespace covers, up to a point', () => {
    const others = Array.from({ length: 9 }, (_, index) =>
      aMember({
        metadata: { name: `m${index}` },
        spec: { target: { selector: { app: `m${index}` } } },
      }),
    );
    const all = aMember({
      metadata: { name: 'all' },
      spec: { target: { selector: undefined, namespace: 'data' } },
    });
    const violations = checkFleet({ packages: [], members: [...others, all] });
    expect(violations).toHaveLength(1);
    expect(violations[0].message).toContain(
      'data/m0, data/m1, data/m2 and 6 more',
    );
  });

  it('follows long chains of packages without walking each to its end', () => {
    const packages = Array.from({ length: 3_000 }, (_, index) =>
      named(`p${index}`, index > 0 ? { dependsOn: [`p${index - 1}`] } : {}),
    );
    const inOrder = checkFleet({ packages, members: [redis] });
    expect(inOrder).toEqual([]);
  });
});
