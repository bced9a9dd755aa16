/**
 * @jest-environment node
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { isRecord } from '../api/json';
import { LatticeMember } from '../api/memberModel';
import { LatticePackage } from '../api/packageModel';
import { FieldProblem, ParseResult } from '../api/object';
import { parseMember } from '../api/parseMember';
import { parsePackage } from '../api/parsePackage';
import { parsePolicy } from '../api/parsePolicy';
import { parseService } from '../api/parseService';
import { checkFleet } from './checkFleet';
import { checkMember } from './checkMember';
import { checkPackage } from './checkPackage';
import { checkPolicy } from './checkPolicy';
import { FILE_RULE_IDS, RULE_IDS } from './ruleIds';
import {
  AdmissionRules,
  DEFAULT_PROTECTED_NAMESPACES,
  Violation,
} from './violation';

/* The page is documentation and test at once: every rule has its heading, and every example does what it says. */

const PAGE = readFileSync(
  join(__dirname, '../../../../docs/reference/rules.md'),
  'utf8',
);
const OPTIONS = { version: '1.1' } as const;

interface Example {
  readonly rule: string;
  readonly kind: string;
  readonly severity: string;
  readonly label: string;
  readonly fragments: readonly Record<string, unknown>[];
}

type Json = Record<string, unknown>;

function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, block]) => block,
  );
}

function documentsOf(block: string): Json[] {
  return parseAllDocuments(block, OPTIONS).map(
    document => document.toJS() as Json,
  );
}

const [intro, ...sections] = PAGE.split(/^### /m);
const headings = sections.map(section =>
  section.slice(0, section.indexOf('\n')),
);

const [baseBlock, configBlock] = blocksOf(intro);
const BASES = new Map(
  documentsOf(baseBlock).map(base => [base.kind as string, base]),
);
const { lattice } = parse(configBlock, OPTIONS) as {
  lattice: {
    charts: { allowedRepositories: string[] };
    platformObjects: string[];
    cedar: { namespace: string };
  };
};
const RULES: AdmissionRules = {
  allowedRepositories: lattice.charts.allowedRepositories,
  protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
  platformObjects: lattice.platformObjects,
  cedarNamespace: lattice.cedar.namespace,
};

const examples = sections.flatMap((section): Example[] => {
  const rule = section.slice(0, section.indexOf('\n'));
  const meta = /^_(\w+) · (error|warning)( · the CRD too)?_$/m.exec(section);
  return [
    ...section.matchAll(/^(\w[\w ]*):\n\n(```yaml\n[\s\S]*?^```)$/gm),
  ].map(([, label, block]) => ({
    rule,
    kind: meta?.[1] ?? '',
    severity: meta?.[2] ?? '',
    label,
    fragments: documentsOf(blocksOf(block)[0]),
  }));
});

/** RFC 7386. */
function mergePatch(base: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) {
    return patch;
  }
  const merged: Json = isRecord(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = mergePatch(merged[key], value);
    }
  }
  return merged;
}

class Judged {
  readonly problems: FieldProblem[] = [];
  readonly violations: Violation[] = [];
  readonly #packages: LatticePackage[] = [];
  readonly #members: LatticeMember[] = [];

  add(kind: string, manifest: unknown): void {
    switch (kind) {
      case 'LatticePackage':
        return this.#take(parsePackage(manifest), pkg => {
          this.#packages.push(pkg);
          return checkPackage(pkg, RULES);
        });
      case 'CedarPolicy':
        return this.#take(parsePolicy(manifest), policy =>
          checkPolicy(policy, RULES, text =>
            /^((permit|forbid)\(.*\);)?$/.test(text) ? [] : ['not a policy'],
          ),
        );
      default:
        return this.#take(
          kind === 'LatticeService'
            ? parseService(manifest)
            : parseMember(manifest),
          member => {
            this.#members.push(member);
            return checkMember(member, RULES);
          },
        );
    }
  }

  together(): void {
    this.violations.push(
      ...checkFleet({ packages: this.#packages, members: this.#members }),
    );
  }

  #take<T>(result: ParseResult<T>, check: (value: T) => Violation[]): void {
    if (result.ok) {
      this.violations.push(...check(result.value));
    } else {
      this.problems.push(...result.problems);
    }
  }
}

function judge({ kind, fragments }: Example): Judged {
  const judged = new Judged();
  for (const fragment of fragments) {
    const of = (fragment.kind as string | undefined) ?? kind;
    judged.add(of, mergePatch(BASES.get(of), fragment));
  }
  judged.together();
  return judged;
}

describe('docs/reference/rules.md', () => {
  it('has one heading for every rule, and no others', () => {
    expect([...headings].sort()).toEqual(
      [...RULE_IDS, ...FILE_RULE_IDS].sort(),
    );
  });

  it('shows for every rule what passes and what does not', () => {
    const shown = (label: RegExp) =>
      [
        ...new Set(
          examples.filter(one => label.test(one.label)).map(one => one.rule),
        ),
      ].sort();
    expect(shown(/^Accepted$/)).toEqual([...RULE_IDS].sort());
    expect(shown(/^(Refused|Warned about)$/)).toEqual([...RULE_IDS].sort());
  });

  const labelled = (label: string) =>
    examples.filter(example => example.label === label);
  /** Of these the schema says the same before the rules are asked. */
  const BY_SCHEMA = ['port-range'];

  it.each(labelled('Accepted'))('$rule: accepts', example => {
    const { problems, violations } = judge(example);
    expect(problems).toEqual([]);
    expect(
      violations.filter(
        ({ rule, severity }) => rule === example.rule || severity === 'error',
      ),
    ).toEqual([]);
  });

  it.each([
    ...labelled('Refused').map(example => ({ example, severity: 'error' })),
    ...labelled('Warned about').map(example => ({
      example,
      severity: 'warning',
    })),
  ])('$example.rule: $example.label', ({ example, severity }) => {
    const { problems, violations } = judge(example);
    const found = violations.filter(({ rule }) => rule === example.rule);
    expect(example.severity).toBe(severity);
    expect({
      isBySchema: problems.length > 0,
      severities: [...new Set(found.map(one => one.severity))],
    }).toEqual(
      BY_SCHEMA.includes(example.rule)
        ? { isBySchema: true, severities: [] }
        : { isBySchema: false, severities: [severity] },
    );
  });
});
