import { parse } from 'yaml';
import { parsePackage } from '../api/parsePackage';
import { lines } from '../testing/goldenTable';
import { aPackage, CHAPTER_PACKAGE, Patch, RULES } from '../testing/manifests';
import { checkPackage } from './checkPackage';
import { AdmissionRules } from './violation';

/* What single rules say is in the golden table. */

const NOT_ALLOWED = ['repository-allowed spec.chart.repository'];

const withBlock = (fields: Patch): Patch => ({
  spec: { mesh: { selector: { app: 'redis' }, ...fields } },
});

function found(patch: Patch): string[] {
  return lines(checkPackage(aPackage(patch), RULES));
}

describe('checkPackage', () => {
  it('refuses nothing of the chapter, unchanged, and says where its secret ends up', () => {
    const result = parsePackage(parse(CHAPTER_PACKAGE, { version: '1.1' }));
    expect(result.ok && lines(checkPackage(result.value, RULES))).toEqual([
      'secret-in-values spec.values.auth.password (warning)',
    ]);
  });

  it('says what to do, and never repeats an address that may hold a password', () => {
    const [violation] = checkPackage(
      aPackage({
        spec: {
          chart: {
            repository: 'oci://user:hunter2@registry.example.com/charts',
          },
        },
      }),
      RULES,
    );
    expect(violation.message).toContain('pullSecretRef');
    expect(JSON.stringify(violation)).not.toContain('hunter2');
  });

  it('refuses every repository when none is allowed', () => {
    const rules: AdmissionRules = { ...RULES, allowedRepositories: [] };
    expect(lines(checkPackage(aPackage(), rules))).toEqual(NOT_ALLOWED);
  });

  it('takes an entry of the allow list that cannot be read as allowing nothing', () => {
    const rules: AdmissionRules = {
      ...RULES,
      allowedRepositories: ['*', 'oci://', 'http://registry.example.com'],
    };
    expect(lines(checkPackage(aPackage(), rules))).toEqual(NOT_ALLOWED);
  });

  it('lets a host in punycode pass that the platform team has listed', () => {
    const host = 'oci://xn--bcher-kva.example.com';
    const rules: AdmissionRules = { ...RULES, allowedRepositories: [host] };
    const pkg = aPackage({ spec: { chart: { repository: `${host}/charts` } } });
    expect(lines(checkPackage(pkg, rules))).toEqual([]);
  });

  it('names at most three of the allowed repositories', () => {
    const rules: AdmissionRules = {
      ...RULES,
      allowedRepositories: Array.from(
        { length: 50 },
        (_, index) => `oci://r${index}.example.com/${'a'.repeat(200)}`,
      ),
    };
    const [{ message }] = checkPackage(aPackage(), rules);
    expect(message).toContain('and 47 more');
    expect(message.length).toBeLessThan(400);
  });

  it('holds a mesh block to the rules of members, and names fields where they stand', () => {
    expect(found(withBlock({ ports: [{ port: 1, name: 'a' }] }))).toEqual([]);
    expect(found(withBlock({ ports: [{ port: 1, name: 'A' }] }))).toEqual([
      'port-name spec.mesh.ports[0].name',
    ]);
    expect(found(withBlock({ selector: { 'a b': 'x' } }))).toEqual([
      'selector-syntax spec.mesh.selector["a b"]',
    ]);
    expect(
      found(withBlock({ selector: { matchLabels: { 'a b': 'x' } } })),
    ).toEqual(['selector-syntax spec.mesh.selector.matchLabels["a b"]']);
    expect(
      found(withBlock({ egress: [{ target: { entity: 'all' }, ports: [1] }] })),
    ).toEqual(['egress-entity spec.mesh.egress[0].target.entity']);
  });
});
