import {
  PlacedPackage,
  PROMOTION_TEXTS,
  promotionCandidates,
  PromotionReasons,
} from './index';

const REPOSITORY = 'oci://registry.example.com/charts';

function placed(
  count: number,
  change: (index: number) => Partial<PlacedPackage> = () => ({}),
): PlacedPackage[] {
  return Array.from({ length: count }, (_, index) => ({
    cluster: `cluster-${index % 2}`,
    namespace: `team-${index}`,
    name: 'redis',
    chart: { repository: REPOSITORY, name: 'redis' },
    owner: `group:default/team-${index}`,
    members: 1,
    version: '18.4.0',
    ...change(index),
  }));
}

describe('promotion candidates', () => {
  it('item 42: counts packages and the members that are kept for them', () => {
    const upkeep = promotionCandidates([
      ...placed(3),
      ...placed(1, () => ({
        members: 0,
        chart: { repository: REPOSITORY, name: 'nginx' },
      })),
    ]);
    expect(upkeep).toMatchObject({
      packages: 4,
      members: 3,
      withoutMember: 1,
      charts: [
        { chart: { name: 'redis' }, placements: 3, clusters: 2, owners: 3 },
        { chart: { name: 'nginx' }, placements: 1, members: 0 },
      ],
      candidates: [],
    });
  });

  it('item 42: flags a chart that many teams run in many places', () => {
    const [candidate] = promotionCandidates(
      placed(6, index => ({ version: index < 3 ? '18.4.0' : '17.0.0' })),
    ).candidates;
    expect(candidate).toMatchObject({
      chart: { repository: REPOSITORY, name: 'redis' },
      placements: 6,
      versions: ['17.0.0', '18.4.0'],
      reasons: ['ManyPlacements', 'ManyOwners'],
    });
  });

  it('item 42: does not take many copies of one team for a pattern', () => {
    const ofOneTeam = placed(9, () => ({ owner: 'group:default/data' }));
    expect(promotionCandidates(ofOneTeam).candidates).toEqual([]);
    expect(
      promotionCandidates(ofOneTeam.map(one => ({ ...one, members: 2 })))
        .candidates,
    ).toMatchObject([{ reasons: ['ManyPlacements', 'ManyMembers'] }]);
  });

  it('takes one repository written twice for one, and unknown owners for none', () => {
    const upkeep = promotionCandidates(
      placed(6, index => ({
        owner: undefined,
        chart: {
          repository: index % 2 ? `${REPOSITORY}/` : REPOSITORY,
          name: 'redis',
        },
      })),
    );
    expect(upkeep.charts).toMatchObject([{ placements: 6, owners: 0 }]);
    expect(upkeep.candidates).toEqual([]);
  });

  it('takes its thresholds from the platform team', () => {
    expect(
      promotionCandidates(placed(2), { placements: 2, owners: 2, members: 2 })
        .candidates,
    ).toHaveLength(1);
  });

  it('has a text for every reason', () => {
    expect(Object.keys(PROMOTION_TEXTS).sort()).toEqual(
      Object.values(PromotionReasons).sort(),
    );
  });
});
