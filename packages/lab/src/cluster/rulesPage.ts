import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { checkoutDir } from '../parts/paths.ts';
import type { KubernetesObject } from './KubernetesClient.ts';

/** An example of `docs/reference/rules.md`, as whole objects. */
export type RuleExample = {
  rule: string;
  /** As the page has it: Accepted, Refused, Warned about. */
  label: string;
  /** Whether the page says that the API server refuses by itself. */
  isSchema: boolean;
  objects: KubernetesObject[];
};

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7386. */
function mergePatch(base: unknown, patch: unknown): unknown {
  if (!isJson(patch)) {
    return patch;
  }
  const merged: Json = isJson(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = mergePatch(merged[key], value);
    }
  }
  return merged;
}

function documentsOf(text: string): Json[] {
  const [, block = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];
  return parseAllDocuments(block, { version: '1.1' }).map(
    document => document.toJS() as Json,
  );
}

function examplesOf(section: string, bases: Map<string, Json>): RuleExample[] {
  const rule = section.slice(0, section.indexOf('\n'));
  const [, kind = '', schema] =
    /^_(\w+) · \w+( · the CRD too)?_$/m.exec(section) ?? [];
  return [
    ...section.matchAll(/^(\w[\w ]*):\n\n(```yaml\n[\s\S]*?^```)$/gm),
  ].map(([, label, block]) => ({
    rule,
    label,
    isSchema: schema !== undefined,
    objects: documentsOf(block).map(
      fragment =>
        mergePatch(
          bases.get((fragment.kind as string | undefined) ?? kind),
          fragment,
        ) as KubernetesObject,
    ),
  }));
}

/** Every example of the page that explains the rules of admission. */
export async function readRulesPage(): Promise<RuleExample[]> {
  const path = join(checkoutDir(), 'docs', 'reference', 'rules.md');
  const [intro, ...sections] = (await readFile(path, 'utf8')).split(/^### /m);
  const bases = new Map(
    documentsOf(intro).map(base => [base.kind as string, base]),
  );
  return sections.flatMap(section => examplesOf(section, bases));
}
