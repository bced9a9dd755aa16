import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { useFolder } from './__testUtils__/folder';
import { CHECKOUT, MEMBER, PACKAGE } from './__testUtils__/manifests';

/* The published schemas, held against what the command really prints. */

const folder = useFolder();

function schema(name: string) {
  const file = resolve(__dirname, `../schema/${name}.schema.json`);
  return new Ajv({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
}

async function printed(...parameters: string[]): Promise<unknown> {
  const { stdout } = await folder.lattice(...parameters, '--output', 'json');
  return JSON.parse(stdout) as unknown;
}

function expectToFit(name: string, value: unknown): void {
  const validate = schema(name);
  validate(value);
  expect(validate.errors).toBeNull();
}

beforeEach(() => {
  folder.write({ 'p.yaml': PACKAGE, 'm.yaml': MEMBER, 's.yaml': CHECKOUT });
});

describe('JSON output', () => {
  it('of validate fits its schema, with findings of every origin', async () => {
    folder.write({
      'p.yaml': PACKAGE.replace('18.4.0', 'latest'),
      'broken.yaml': 'apiVersion: lattice.dev/v1\na: [\n',
      'schema.yaml': MEMBER.replace('6379', '70000'),
      'kind.yaml': MEMBER.replace('LatticeMeshMember', 'LatticeMesh'),
    });
    const value = await printed('validate', '.');
    expectToFit('findings', value);
    const { findings } = value as { findings: { rule: string }[] };
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(
      new Set([
        'duplicate-object',
        'schema',
        'secret-in-values',
        'unknown-kind',
        'version-pinned',
        'yaml',
      ]),
    );
  });

  it('of compile fits its schema', async () => {
    expectToFit('policies', await printed('compile', '.'));
  });

  it.each([
    ['allowed', 'commerce/checkout', 'data/redis'],
    ['denied by both', 'data/redis', 'commerce/checkout'],
    ['about somebody unknown', 'commerce/inventory', 'data/redis'],
    ['about outside', 'world', 'data/redis'],
  ])('of explain fits its schema when it is %s', async (_, from, to) => {
    const value = await printed('explain', '.', '--from', from, '--to', to);
    expectToFit('explanation', value);
  });

  it('would not fit with a field that the schema does not name', () => {
    const validate = schema('findings');
    expect(validate({ findings: [{}] })).toBe(false);
    expect(validate({ findings: [], more: true })).toBe(false);
  });
});
