import { FleetRecord } from './FleetRecord';
import { latticeMemberRules, latticePackageRules } from './permissionRules';
import { matchesFilter } from './FleetFilter';

const REDIS: FleetRecord = {
  cluster: 'lab',
  namespace: 'data',
  name: 'redis',
  owner: 'group:default/data',
  labels: { tier: 'gold' },
};
const UNOWNED: FleetRecord = { ...REDIS, owner: undefined };

describe.each([
  ['packages', latticePackageRules],
  ['members', latticeMemberRules],
])('rules of %s', (_, rules) => {
  it.each([
    ['in its cluster', rules.isInCluster, { clusters: ['lab'] }, true],
    ['in another cluster', rules.isInCluster, { clusters: ['far'] }, false],
    ['in its namespace', rules.isInNamespace, { namespaces: ['data'] }, true],
    ['in no namespace', rules.isInNamespace, { namespaces: [] }, false],
    [
      'owned by a claim, however it is written',
      rules.isOwner,
      { claims: ['Group:Default/Data'] },
      true,
    ],
    ['owned by others', rules.isOwner, { claims: ['group:default/x'] }, false],
    ['owned by nonsense', rules.isOwner, { claims: ['::'] }, false],
    ['labelled', rules.hasLabel, { label: 'tier' }, true],
    [
      'labelled otherwise',
      rules.hasLabel,
      { label: 'tier', value: 'tin' },
      false,
    ],
  ] as const)('hold or not: %s', (__, rule, params, expected) => {
    const { apply, toQuery } = rule as {
      apply: (record: FleetRecord, params: object) => boolean;
      toQuery: (params: object) => Parameters<typeof matchesFilter>[1];
    };
    expect(apply(REDIS, params)).toBe(expected);
    expect(matchesFilter(REDIS, toQuery(params))).toBe(expected);
  });

  it('give what nobody owns to nobody', () => {
    expect(
      rules.isOwner.apply(UNOWNED, { claims: ['group:default/data'] }),
    ).toBe(false);
  });
});
