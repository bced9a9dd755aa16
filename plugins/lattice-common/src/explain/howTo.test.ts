import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { parseMember } from '../api/parseMember';
import { parseService } from '../api/parseService';
import { ask, aWorldOf } from './__testUtils__/aWorld';
import { explain } from './explain';

const PAGE = readFileSync(
  path.resolve(__dirname, '../../../../docs/how-to/why-can-a-not-reach-b.md'),
  'utf8',
);
const MARKS: Record<string, string> = {
  '✓': 'pass',
  '✗': 'fail',
  '-': 'skipped',
  '?': 'unknown',
};

function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...PAGE.matchAll(pattern)].map(([, text]) => text);
}

function membersOf(text: string) {
  return parseAllDocuments(text).map(document => {
    const manifest = document.toJS();
    const result =
      manifest.kind === 'LatticeService'
        ? parseService(manifest)
        : parseMember(manifest);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  });
}

describe('the page on why A cannot reach B', () => {
  const explained = explain(
    ask('commerce/checkout -> data/redis', { port: 6379 }),
    aWorldOf(blocks('yaml').flatMap(membersOf)),
  );
  const [shown] = blocks('console');

  it('shows the verdict and the links that its declarations give', () => {
    expect(shown).toContain(`6379: ${explained.verdict}\n`);
    const links = [...shown.matchAll(/^ {2}([✓✗?-]) .{19} {2}(.+)$/gm)];
    expect(links).toHaveLength(7);
    links.forEach(([, mark, evidence], index) => {
      const { verdict, evidence: said } = explained.layers[index];
      expect([MARKS[mark], evidence]).toEqual([verdict, said]);
    });
  });

  it('shows what is missing, and whose it is', () => {
    const { missing } = explained;
    expect(shown).toContain(missing?.sentence);
    expect(shown).toContain(
      `${missing?.object.kind} ${missing?.object.namespace}/${missing?.object.name}`,
    );
    const [patch] = /^ {4}spec:\n[^]*$/m.exec(shown) ?? [''];
    expect(parse(patch)).toEqual(parse(missing?.patch ?? ''));
  });
});
