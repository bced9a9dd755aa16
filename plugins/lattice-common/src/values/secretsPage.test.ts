import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { isRecord } from '../api/json';
import { LatticePackage } from '../api/packageModel';
import { aPackage, Patch } from '../testing/manifests';
import {
  lookupSecrets,
  planSecrets,
  SecretPlan,
  substituteValues,
} from './index';

const PAGE = readFileSync(
  join(__dirname, '../../../../docs/reference/secrets.md'),
  'utf8',
);
const EXAMPLE =
  /<!-- example(?:: store (\w+))? -->\n([\s\S]*?)(?=\n## |\n<!-- example|$)/g;
const BLOCK = /```yaml\n# (\w+)\n([\s\S]*?)```/g;

interface Example {
  readonly heading: string;
  readonly store?: string;
  readonly blocks: Readonly<Record<string, string>>;
}

function examples(): Example[] {
  return [...PAGE.matchAll(EXAMPLE)].map(match => ({
    heading: PAGE.slice(0, match.index)
      .split('\n')
      .filter(line => line.startsWith('## '))
      .at(-1)!,
    store: match[1],
    blocks: Object.fromEntries(
      [...match[2].matchAll(BLOCK)].map(([, title, text]) => [title, text]),
    ),
  }));
}

function planOf(pkg: LatticePackage, defaultStore?: string): SecretPlan {
  const result = planSecrets(pkg, {
    ...(defaultStore === undefined ? {} : { defaultStore }),
    defaultKey: '{namespace}/{resource}',
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.plan;
}

/** What is shown of the object: the parts about ownership are the same in all of them. */
function shownObjects({ externalSecrets }: SecretPlan): string {
  return externalSecrets
    .map(({ object }) => {
      const { name, namespace } = object.metadata;
      return stringify({
        metadata: { namespace, name },
        spec: object.spec,
      });
    })
    .join('---\n');
}

function shownValues(pkg: LatticePackage, plan: SecretPlan): string {
  const synced = new Map(
    plan.externalSecrets.map(({ resource, keys = [] }) => [
      resource,
      new Map(keys.map(key => [key, `value-of-${key}`])),
    ]),
  );
  const result = substituteValues(
    pkg.spec.values,
    lookupSecrets(synced),
    path => plan.directiveNames[path],
    { 'metadata.name': pkg.metadata.name },
  );
  return stringify(result.ok && result.values);
}

describe('docs/reference/secrets.md', () => {
  it('has an example for each way', () => {
    expect(examples().map(({ heading }) => heading)).toEqual([
      '## By value',
      '## By name',
      '## By name, with text around it',
      '## From several stores',
    ]);
  });

  it.each(examples().map(one => [one.heading, one] as const))(
    'shows what comes out under "%s"',
    (_, { blocks, store }) => {
      const written: unknown = parse(blocks.package);
      const pkg = aPackage(isRecord(written) ? (written as Patch) : {});
      const plan = planOf(pkg, store);
      expect(blocks.ExternalSecret).toBe(shownObjects(plan));
      expect(blocks.values).toBe(shownValues(pkg, plan));
    },
  );
});
