import { parse } from 'yaml';
import { LatticePackage } from '../api/packageModel';
import { parsePackage } from '../api/parsePackage';
import { aPackage, CHAPTER_PACKAGE } from '../testing/manifests';
import {
  Gap,
  GAP_TEXTS,
  GapFacts,
  gapReport,
  GapReasons,
  Guarantees,
} from './index';

const BARE: GapFacts = {
  pkg: aPackage(),
  workloads: { total: 2, covered: 0 },
  kinds: ['apps/v1/Deployment'],
  images: ['redis:7'],
  hasQuota: false,
};

function stateOf(facts: GapFacts, guarantee: string): string {
  const { state, reason } = gapReport(facts).find(
    one => one.guarantee === guarantee,
  ) as Gap;
  return `${state} ${reason}`;
}

function withValues(values: Record<string, unknown>): LatticePackage {
  return aPackage({
    spec: {
      resources: { db: { type: 'secret', params: { provider: 'vault' } } },
      values,
    },
  });
}

describe('the gap report', () => {
  it('item 5: lists what a bare package lacks', () => {
    const lacking = gapReport(BARE)
      .filter(({ state }) => state === 'lacking')
      .map(({ guarantee }) => guarantee);
    expect(lacking).toEqual([
      'NetworkPolicy',
      'SecretResolution',
      'ImageVerification',
      'Observability',
      'Quota',
      'Autoscaling',
    ]);
  });

  it('item 5: drops secret resolution from the list when it is declared', () => {
    const parsed = parsePackage(parse(CHAPTER_PACKAGE));
    const pkg = (parsed as { value: LatticePackage }).value;
    expect(stateOf({ ...BARE, pkg }, 'SecretResolution')).toBe(
      'partial SecretsInValues',
    );
    expect(
      stateOf(
        { ...BARE, pkg: withValues({ a: { $secret: { p: '${db.p}' } } }) },
        'SecretResolution',
      ),
    ).toBe('closed SecretsByName');
  });

  it.each([
    [{ total: 2, covered: 0 }, 'lacking NoMember'],
    [{ total: 2, covered: 1 }, 'partial PartlyCovered'],
    [{ total: 2, covered: 2 }, 'closed Covered'],
    [{ total: 0, covered: 0 }, 'lacking NoMember'],
  ])('item 52: with %j workloads, network policy is %s', (workloads, state) => {
    expect(stateOf({ ...BARE, workloads }, 'NetworkPolicy')).toBe(state);
  });

  it('item 52: tells which gaps are closed without a kind of its own', () => {
    const closed = gapReport({
      ...BARE,
      pkg: withValues({ a: { $secret: { p: '${db.p}' } } }),
      workloads: { total: 1, covered: 1 },
      kinds: [
        'monitoring.coreos.com/v1/ServiceMonitor',
        'autoscaling/v2/HorizontalPodAutoscaler',
      ],
      images: ['redis@sha256:abc'],
      hasQuota: true,
    }).map(({ guarantee, state }) => `${guarantee} ${state}`);
    expect(closed).toEqual([
      'Lifecycle closed',
      'NetworkPolicy closed',
      'SecretResolution closed',
      'ContentAuthorization partial',
      'ImageVerification partial',
      'Observability byChart',
      'Quota partial',
      'Autoscaling byChart',
    ]);
  });

  it('assumes nothing that nobody has looked at', () => {
    const unknown = gapReport({ pkg: aPackage() })
      .filter(({ state }) => state === 'unknown')
      .map(({ guarantee }) => guarantee);
    expect(unknown).toEqual([
      'NetworkPolicy',
      'Observability',
      'Quota',
      'Autoscaling',
    ]);
  });

  it('has a text for every reason, and a line for every guarantee', () => {
    expect(Object.keys(GAP_TEXTS).sort()).toEqual(
      Object.values(GapReasons).sort(),
    );
    expect(
      gapReport(BARE)
        .map(({ guarantee }) => guarantee)
        .sort(),
    ).toEqual(Object.values(Guarantees).sort());
    for (const { text, remedy } of Object.values(GAP_TEXTS)) {
      expect(text).toMatch(/^[A-Z].+\.$/);
      expect(remedy ?? 'A.').toMatch(/^[A-Z].*\.$/);
    }
  });
});
