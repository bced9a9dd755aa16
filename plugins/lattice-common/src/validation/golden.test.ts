import { LatticeMember } from '../api/memberModel';
import { parsePolicy } from '../api/parsePolicy';
import { lines, unstyled } from '../testing/goldenTable';
import {
  chartRows,
  directRows,
  egressRows,
  fleetRows,
  memberSharedRows,
  overlapRows,
  packageRows,
  peerRows,
  policyRows,
  portRows,
  RuleRows,
  secretRows,
  selectorRows,
} from '../testing/golden';
import { aMember, aPackage, Patch, RULES } from '../testing/manifests';
import { checkFleet, Fleet } from './checkFleet';
import { checkMember } from './checkMember';
import { checkPackage } from './checkPackage';
import { checkPolicy } from './checkPolicy';
import { RULE_IDS, ruleLink } from './ruleIds';
import { AdmissionRules, Violation } from './violation';

type Table<S> = Readonly<Record<string, RuleRows<S>>>;

const rules: AdmissionRules = { ...RULES, cedarNamespace: 'lattice-system' };

function judgePolicy(patch: Patch): Violation[] {
  const { metadata = {}, spec = {} } = patch as Record<string, object>;
  const result = parsePolicy({
    kind: 'CedarPolicy',
    metadata: { name: 'p', namespace: 'lattice-system', ...metadata },
    spec: { policies: 'permit(principal, action, resource);', ...spec },
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return checkPolicy(result.value, rules, text =>
    /^(\s*(permit|forbid)\(.*\);)*\s*$/.test(text) ? [] : ['not a policy'],
  );
}

const judgeFleet = (fleet: Partial<Fleet>) =>
  checkFleet({ packages: [], members: [], ...fleet });

function fleetLines(violations: readonly Violation[]): string[] {
  return lines(violations).map((line, index) => {
    const { kind, object } = violations[index] as ReturnType<
      typeof judgeFleet
    >[number];
    const name = ` ${kind} ${object.namespace}/${object.name}`;
    return line.endsWith(' (warning)')
      ? line.replace(' (warning)', `${name} (warning)`)
      : line + name;
  });
}

interface Suite {
  readonly title: string;
  readonly rows: {
    readonly rule: string;
    readonly kind: 'passes' | 'finds';
    readonly sentence: string;
    readonly judge: () => readonly Violation[];
    readonly found: readonly string[];
  }[];
  readonly show: (violations: readonly Violation[]) => string[];
}

function suite<S>(
  title: string,
  table: Table<S>,
  judge: (subject: S) => readonly Violation[],
  show = lines,
): Suite {
  const rows = Object.entries(table).flatMap(([rule, { passes, finds }]) =>
    [
      ...passes.map(row => ({ kind: 'passes' as const, row })),
      ...finds.map(row => ({ kind: 'finds' as const, row })),
    ].map(({ kind, row: [sentence, subject, found = []] }) => ({
      rule,
      kind,
      sentence,
      judge: () => judge(subject),
      found,
    })),
  );
  return { title, rows, show };
}

const SUITES: Suite[] = [
  suite('packages', { ...packageRows, ...chartRows, ...secretRows }, patch =>
    checkPackage(aPackage(patch), rules),
  ),
  suite(
    'members',
    {
      ...memberSharedRows,
      ...selectorRows,
      ...portRows,
      ...peerRows,
      ...egressRows,
    },
    patch => checkMember(aMember(patch), rules),
  ),
  suite<LatticeMember>('members as they are', directRows, member =>
    checkMember(member, rules),
  ),
  suite('policies', policyRows, judgePolicy),
  suite('fleets', { ...fleetRows, ...overlapRows }, judgeFleet, fleetLines),
];

const ALL = SUITES.flatMap(({ rows }) => rows);

describe.each(SUITES)('the golden table of $title', ({ rows, show }) => {
  it.each(rows)('$rule $kind $sentence', ({ rule, kind, judge, found }) => {
    const violations = judge();
    expect(show(violations)).toEqual(found);
    expect(violations.some(violation => violation.rule === rule)).toBe(
      kind === 'finds',
    );
  });
});

describe('the golden table', () => {
  it('has rows of both kinds for every rule, and no others', () => {
    const rulesWith = (kind: string) =>
      [
        ...new Set(ALL.filter(row => row.kind === kind).map(row => row.rule)),
      ].sort();
    expect(rulesWith('passes')).toEqual([...RULE_IDS].sort());
    expect(rulesWith('finds')).toEqual([...RULE_IDS].sort());
  });

  it('is long enough to be worth its name', () => {
    expect(ALL.length).toBeGreaterThan(250);
  });

  const violations = ALL.flatMap(row => row.judge());

  it('yields messages that fit a list and say what to do', () => {
    expect(unstyled(violations)).toEqual([]);
    const undirected = violations
      .map(({ rule, message }) => `${rule}: ${message}`)
      .filter(
        text => !/[:;,] |\bmust\b/.test(text.slice(text.indexOf(':') + 1)),
      );
    expect(undirected).toEqual([]);
  });

  it('links every violation to the heading of its rule', () => {
    expect(
      violations.filter(({ rule, link }) => link !== ruleLink(rule)),
    ).toEqual([]);
  });

  it('repeats no credential', () => {
    expect(JSON.stringify(violations)).not.toContain('hunter2');
  });
});
