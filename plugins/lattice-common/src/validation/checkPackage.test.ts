import { parse } from 'yaml';
import { parsePackage } from '../api/parsePackage';
import { lines, Row, unstyled } from '../testing/goldenTable';
import { aPackage, CHAPTER_PACKAGE, Patch, RULES } from '../testing/manifests';
import { checkPackage } from './checkPackage';
import { AdmissionRules } from './violation';

const chart = (fields: Patch): Patch => ({ spec: { chart: fields } });
const spec = (fields: Patch): Patch => ({ spec: fields });
const repository = (text: string): Patch => chart({ repository: text });
const version = (text: string): Patch => chart({ version: text });
const FORM = ['repository-form spec.chart.repository'];
const SCHEME = ['repository-scheme spec.chart.repository'];
const NOT_ALLOWED = ['repository-allowed spec.chart.repository'];
const NOT_PINNED = ['version-pinned spec.chart.version'];
const secret = (fields: Patch = {}): Patch => ({
  creds: { type: 'secret', params: { provider: 'vault', keys: ['password'] } },
  ...fields,
});

const mesh = (fields: Patch): Patch =>
  spec({ mesh: { selector: { app: 'redis' }, ...fields } });

const PACKAGE_ROWS: Row[] = [
  [
    'refuses a namespace that could not exist',
    { metadata: { namespace: 'Data' } },
    ['namespace-form metadata.namespace'],
  ],
  ['accepts a mesh block', mesh({ ports: [{ port: 1, name: 'a' }] }), []],
  [
    'holds a mesh block to the rules of members',
    mesh({ ports: [{ port: 1, name: 'A' }] }),
    ['port-name spec.mesh.ports[0].name'],
  ],
  [
    'names the selector of a mesh block',
    mesh({ selector: { 'a b': 'x' } }),
    ['selector-syntax spec.mesh.selector["a b"]'],
  ],
  [
    'names the matchLabels of a mesh block',
    mesh({ selector: { matchLabels: { 'a b': 'x' } } }),
    ['selector-syntax spec.mesh.selector.matchLabels["a b"]'],
  ],

  ['accepts a plain package', {}, []],
  [
    'accepts the repository in capital letters of scheme and host',
    repository('OCI://Registry.Example.COM/charts'),
    [],
  ],
  [
    'accepts a trailing slash',
    repository('oci://registry.example.com/charts/'),
    [],
  ],
  [
    'accepts the default port written out',
    repository('oci://registry.example.com:443/charts'),
    [],
  ],
  [
    'accepts a path below an allowed one',
    repository('oci://registry.example.com/charts/team-a'),
    [],
  ],
  [
    'refuses a path that only begins like an allowed one',
    repository('oci://registry.example.com/charts-evil'),
    NOT_ALLOWED,
  ],
  [
    'refuses the parent of an allowed path',
    repository('oci://registry.example.com'),
    NOT_ALLOWED,
  ],
  [
    'refuses another spelling of the path',
    repository('oci://registry.example.com/Charts'),
    NOT_ALLOWED,
  ],
  [
    'refuses a host that only ends like an allowed one',
    repository('oci://evil-registry.example.com/charts'),
    NOT_ALLOWED,
  ],
  [
    'refuses a host that only begins like an allowed one',
    repository('oci://registry.example.com.evil.com/charts'),
    NOT_ALLOWED,
  ],
  [
    'refuses another port of an allowed host',
    repository('oci://registry.example.com:8443/charts'),
    NOT_ALLOWED,
  ],
  [
    'refuses the other scheme of an allowed host',
    repository('https://registry.example.com/charts'),
    NOT_ALLOWED,
  ],
  ['refuses http', repository('http://registry.example.com/charts'), SCHEME],
  ['refuses file', repository('file:///etc/charts'), SCHEME],
  [
    'refuses git',
    repository('git+https://registry.example.com/charts'),
    SCHEME,
  ],
  [
    'refuses an address without scheme',
    repository('registry.example.com/charts'),
    SCHEME,
  ],
  ['refuses an empty repository', repository(''), SCHEME],
  [
    'refuses a scheme after a space',
    repository(' oci://registry.example.com/charts'),
    SCHEME,
  ],
  [
    'refuses user name and password',
    repository('oci://user:hunter2@registry.example.com/charts'),
    FORM,
  ],
  [
    'refuses an allowed host as user name of another',
    repository('oci://registry.example.com@evil.com/charts'),
    FORM,
  ],
  [
    'refuses .. in the path',
    repository('oci://registry.example.com/charts/../evil'),
    FORM,
  ],
  [
    'refuses . in the path',
    repository('oci://registry.example.com/./charts'),
    FORM,
  ],
  [
    'refuses an encoded ..',
    repository('oci://registry.example.com/charts/%2e%2e/evil'),
    FORM,
  ],
  [
    'refuses an empty part of the path',
    repository('oci://registry.example.com//charts'),
    FORM,
  ],
  [
    'refuses a backslash',
    repository('oci://registry.example.com\\@evil.com/charts'),
    FORM,
  ],
  [
    'refuses a query',
    repository('oci://registry.example.com/charts?x=1'),
    FORM,
  ],
  [
    'refuses a fragment',
    repository('oci://registry.example.com/charts#x'),
    FORM,
  ],
  [
    'refuses an empty port',
    repository('oci://registry.example.com:/charts'),
    FORM,
  ],
  ['refuses port 0', repository('oci://registry.example.com:0/charts'), FORM],
  [
    'refuses a port above 65535',
    repository('oci://registry.example.com:65536/charts'),
    FORM,
  ],
  [
    'refuses a port with leading zeros',
    repository('oci://registry.example.com:00443/charts'),
    FORM,
  ],
  [
    'refuses two ports',
    repository('oci://registry.example.com:443:443/charts'),
    FORM,
  ],
  ['refuses a missing host', repository('oci:///charts'), FORM],
  [
    'refuses a host with a trailing dot',
    repository('oci://registry.example.com./charts'),
    FORM,
  ],
  [
    'refuses letters that only look like the host',
    repository('oci://registry.ex\u0430mple.com/charts'),
    FORM,
  ],
  [
    'refuses a line break',
    repository('oci://registry.example.com/charts\nx'),
    SCHEME,
  ],
  [
    'names repo where the user wrote repo',
    chart({ repository: undefined, repo: 'http://x.example.com' }),
    ['repository-scheme spec.chart.repo'],
  ],
  ['accepts a leading v', version('v18.4.0'), []],
  ['accepts pre-release and build', version('18.4.0-rc.1+build.5'), []],
  ['refuses latest', version('latest'), NOT_PINNED],
  ['refuses an empty version', version(''), NOT_PINNED],
  ['refuses a caret range', version('^18.4.0'), NOT_PINNED],
  ['refuses a tilde range', version('~18.4.0'), NOT_PINNED],
  ['refuses a wildcard', version('18.4.x'), NOT_PINNED],
  ['refuses a star', version('*'), NOT_PINNED],
  ['refuses a comparison', version('>=18.4.0'), NOT_PINNED],
  ['refuses an equals sign', version('=18.4.0'), NOT_PINNED],
  ['refuses two parts', version('18.4'), NOT_PINNED],
  ['refuses four parts', version('18.4.0.1'), NOT_PINNED],
  ['refuses leading zeros', version('18.04.0'), NOT_PINNED],
  ['refuses a double v', version('vv18.4.0'), NOT_PINNED],
  ['refuses a surrounding space', version(' 18.4.0'), NOT_PINNED],
  ['refuses two versions', version('18.4.0 || 18.5.0'), NOT_PINNED],
  ['accepts a digest', chart({ digest: `sha256:${'a'.repeat(64)}` }), []],
  [
    'refuses a short digest',
    chart({ digest: 'sha256:abc' }),
    ['digest-form spec.chart.digest'],
  ],
  [
    'refuses a digest of another kind',
    chart({ digest: `md5:${'a'.repeat(64)}` }),
    ['digest-form spec.chart.digest'],
  ],
  [
    'refuses a chart name with a slash',
    chart({ name: 'a/b' }),
    ['chart-name spec.chart.name'],
  ],
  [
    'refuses a chart name with ..',
    chart({ name: 'a..b' }),
    ['chart-name spec.chart.name'],
  ],
  [
    'refuses a chart name that reads as an option',
    chart({ name: '--debug' }),
    ['chart-name spec.chart.name'],
  ],
  [
    'refuses an empty chart name',
    chart({ name: '' }),
    ['chart-name spec.chart.name'],
  ],
  [
    'refuses kube-system as its own namespace',
    { metadata: { namespace: 'kube-system' } },
    ['namespace-protected metadata.namespace'],
  ],
  [
    'refuses istio-system as its own namespace',
    { metadata: { namespace: 'istio-system' } },
    ['namespace-protected metadata.namespace'],
  ],
  [
    'refuses lattice-system as its own namespace',
    { metadata: { namespace: 'lattice-system' } },
    ['namespace-protected metadata.namespace'],
  ],
  [
    'refuses kube-system as target',
    spec({ targetNamespace: 'kube-system' }),
    ['target-namespace-protected spec.targetNamespace'],
  ],
  [
    'accepts an object that the platform team exempts',
    { metadata: { namespace: 'kube-system', name: 'metrics' } },
    [],
  ],
  [
    'exempts by namespace and name, not by name',
    { metadata: { namespace: 'istio-system', name: 'metrics' } },
    ['namespace-protected metadata.namespace'],
  ],
  [
    'accepts another namespace as target',
    spec({ targetNamespace: 'cache' }),
    [],
  ],
  [
    'refuses a target that is no namespace name',
    spec({ targetNamespace: 'Data!' }),
    ['target-namespace-form spec.targetNamespace'],
  ],
  [
    'accepts a release name of 53 characters',
    { metadata: { name: 'a'.repeat(53) } },
    [],
  ],
  [
    'refuses a release name of 54 characters',
    { metadata: { name: 'a'.repeat(54) } },
    ['release-name metadata.name'],
  ],
  [
    'refuses a dependency on itself',
    spec({ dependsOn: ['redis'] }),
    ['depends-on spec.dependsOn[0]'],
  ],
  [
    'accepts a dependency of the same name elsewhere',
    spec({ dependsOn: ['cache/redis'] }),
    [],
  ],
  [
    'refuses a dependency that is no name',
    spec({ dependsOn: [{ name: 'A b' }] }),
    ['depends-on spec.dependsOn[0]'],
  ],
  [
    'refuses an account that is no name',
    spec({ serviceAccountName: '../x' }),
    ['service-account-name spec.serviceAccountName'],
  ],
  [
    'accepts references that are declared',
    spec({
      resources: secret(),
      values: {
        a: '${resources.creds.password}',
        b: '${secret.creds.password}',
      },
    }),
    [],
  ],
  [
    'accepts a directive that is declared',
    spec({
      resources: secret(),
      values: { a: { $secret: { pw: '${creds.password}' } } },
    }),
    [],
  ],
  [
    'refuses an undeclared resource',
    spec({ values: { a: ['${resources.nope.password}'] } }),
    ['references-resolvable spec.values.a[0]'],
  ],
  [
    'refuses an undeclared key',
    spec({ resources: secret(), values: { a: '${resources.creds.user}' } }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses a resource of another type',
    spec({
      resources: { creds: { type: 'volume' } },
      values: { a: '${resources.creds.x}' },
    }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses a reference without key',
    spec({
      resources: secret(),
      values: { a: '${resources.creds} ${resources.creds.password}' },
    }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses a reference that is not closed',
    spec({ values: { a: 'x ${resources.creds.password' } }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses an unknown expression',
    spec({ values: { a: '${HOME}' } }),
    ['references-resolvable spec.values.a'],
  ],
  ['accepts an escaped expression', spec({ values: { a: '$${HOME}' } }), []],
  [
    'refuses an empty directive',
    spec({ values: { a: { $secret: {} } } }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses a directive with neighbours',
    spec({
      resources: secret(),
      values: { a: { $secret: { p: '${creds.password}' }, b: 1 } },
    }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'refuses a directive that mixes text in',
    spec({
      values: { a: { $secret: { p: 'x${creds.password}' } } },
    }),
    ['references-resolvable spec.values.a'],
  ],
  [
    'warns of a resource that nothing refers to',
    spec({ resources: secret() }),
    ['resource-unused spec.resources.creds (warning)'],
  ],
  [
    'refuses an empty list of keys',
    spec({ resources: { creds: { type: 'secret', params: { keys: [] } } } }),
    [
      'secret-key spec.resources.creds.params.keys',
      'resource-unused spec.resources.creds (warning)',
    ],
  ],
  [
    'refuses a resource that is no name',
    spec({ resources: { 'A b': { type: 'secret' } } }),
    [
      'resource-name spec.resources',
      'resource-unused spec.resources["A b"] (warning)',
    ],
  ],
];

describe('the golden table of packages', () => {
  it.each(PACKAGE_ROWS)('%s', (_, patch, expected) => {
    expect(lines(checkPackage(aPackage(patch), RULES))).toEqual(expected);
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
});

describe('checkPackage', () => {
  it('finds nothing wrong with the chapter, unchanged', () => {
    const result = parsePackage(parse(CHAPTER_PACKAGE, { version: '1.1' }));
    expect(result.ok && checkPackage(result.value, RULES)).toEqual([]);
  });

  it('says what to do, and never repeats an address that may hold a password', () => {
    const [violation] = checkPackage(
      aPackage(repository('oci://user:hunter2@registry.example.com/charts')),
      RULES,
    );
    expect(violation.message).toContain('pullSecretRef');
    expect(JSON.stringify(violation)).not.toContain('hunter2');
  });

  it('keeps messages fit for a list', () => {
    const all = PACKAGE_ROWS.flatMap(([, patch]) =>
      checkPackage(aPackage(patch), RULES),
    );
    expect(unstyled(all)).toEqual([]);
  });
});
