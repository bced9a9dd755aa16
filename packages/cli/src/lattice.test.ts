import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

/* The real command, as a child process. */

const BIN = resolve(__dirname, '../bin/lattice');

const PACKAGE = `apiVersion: lattice.dev/v1alpha1
kind: LatticePackage
metadata:
  name: redis
  namespace: data
spec:
  chart:
    repo: oci://registry.example.com/charts
    name: redis
    version: 18.4.0
  values:
    replicas: 3
    auth:
      enabled: true
      password: "\${resources.redis.auth-token}"
  resources:
    redis:
      type: secret
      params:
        keys: [auth-token]
`;

const MEMBER = `apiVersion: lattice.dev/v1alpha1
kind: LatticeMeshMember
metadata:
  name: redis
  namespace: data
spec:
  target:
    selector:
      app: redis
  ports:
    - port: 6379
      name: redis
      peerAuth: Strict
  allowedCallers:
    - name: checkout
      namespace: commerce
    - name: inventory
      namespace: commerce
  dependencies: []
`;

const CHECKOUT = `apiVersion: lattice.dev/v1alpha1
kind: LatticeService
metadata:
  name: checkout
  namespace: commerce
spec:
  workload:
    resources:
      redis:
        type: service
        direction: outbound
        namespace: data
`;

const CONFIG = `app:
  title: A portal
lattice:
  charts:
    allowedRepositories:
      - oci://registry.example.com/charts
  secrets:
    defaultStore: vault
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lattice-cli-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function lattice(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BIN, ...parameters],
    { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  return { status, stdout, stderr };
}

function findings(...parameters: string[]) {
  const { status, stdout, stderr } = lattice(
    'validate',
    ...parameters,
    '--output',
    'json',
  );
  const parsed = JSON.parse(stdout) as {
    findings: {
      rule: string;
      severity: string;
      file: string;
      line: number;
      object: string;
      path: string;
      message: string;
    }[];
  };
  return {
    status,
    stderr,
    list: parsed.findings,
    lines: parsed.findings.map(
      ({ file, line, severity, rule }) => `${file}:${line} ${severity} ${rule}`,
    ),
  };
}

describe('lattice validate', () => {
  it('accepts the manifests of the chapter, unchanged', () => {
    write({ 'p.yaml': PACKAGE, 'm.yaml': MEMBER, 'config.yaml': CONFIG });
    expect(findings('p.yaml', 'm.yaml', '--config', 'config.yaml')).toEqual({
      status: 0,
      stderr: '',
      list: [],
      lines: [],
    });
  });

  it('names file, line, object and path of what it refuses', () => {
    write({
      'all/p.yaml': `# a comment\n${PACKAGE.replace('18.4.0', 'latest').replace(
        'oci://',
        'http://',
      )}---\n${MEMBER}`,
    });
    const { status, list } = findings('all');
    expect(status).toBe(1);
    expect(list).toEqual([
      {
        rule: 'repository-scheme',
        severity: 'error',
        file: 'all/p.yaml',
        line: 9,
        object: 'LatticePackage data/redis',
        path: 'spec.chart.repo',
        message: expect.stringContaining('oci:// or https://'),
      },
      {
        rule: 'version-pinned',
        severity: 'error',
        file: 'all/p.yaml',
        line: 11,
        object: 'LatticePackage data/redis',
        path: 'spec.chart.version',
        message: expect.stringContaining('exact version'),
      },
    ]);
  });

  it('holds repositories and namespaces to the given config', () => {
    write({
      'p.yaml': PACKAGE.replace('example.com', 'example.org'),
      'm.yaml': MEMBER,
      'config.yaml': `${CONFIG}  protectedNamespaces: [data]\n`,
    });
    expect(
      findings('p.yaml', 'm.yaml', '--config', 'config.yaml').lines,
    ).toEqual([
      'm.yaml:5 error namespace-protected',
      'p.yaml:5 error namespace-protected',
      'p.yaml:8 error repository-allowed',
    ]);
  });

  it('says that repositories are not checked without a config', () => {
    write({ 'p.yaml': PACKAGE, 'm.yaml': MEMBER });
    const { status, stderr, list } = findings('.');
    expect({ status, list }).toEqual({ status: 0, list: [] });
    expect(stderr).toContain('--config FILE');
  });

  it('warns without failing', () => {
    write({ 'p.yaml': PACKAGE, 's.yaml': CHECKOUT });
    const { status, lines, list } = findings('.');
    expect(status).toBe(0);
    expect(lines).toEqual([
      'p.yaml:4 warning member-missing',
      's.yaml:9 warning agreement-half',
    ]);
    expect(list[1].message).toContain(
      'outbound dependency redis declared but no matching inbound declaration found.',
    );
  });

  it('warns of a store that nobody has configured, and of misspelt fields', () => {
    write({
      'p.yaml': PACKAGE.replace('replicas: 3', 'replicas: 3\n  valeus: {}')
        .replace('    auth:', '  values:\n    auth:')
        .replace('  values:\n    replicas: 3\n', '  suspended: true\n'),
      'm.yaml': MEMBER,
      'config.yaml': CONFIG.replace('defaultStore', 'other'),
    });
    const { status, lines } = findings(
      'p.yaml',
      'm.yaml',
      '--config',
      'config.yaml',
    );
    expect(status).toBe(0);
    expect(lines).toEqual([
      'p.yaml:11 warning unknown-field',
      'p.yaml:12 warning unknown-field',
      'p.yaml:20 warning secret-store',
    ]);
  });

  it('reads on after files and objects that it cannot read', () => {
    write({
      'a.yaml': 'apiVersion: lattice.dev/v1alpha1\nkind: [LatticePackage\n',
      'b.yaml': PACKAGE.replace('version: 18.4.0', 'version: 18.4'),
      'c.yaml': MEMBER.replace('port: 6379', 'port: 70000'),
      'd.yaml': 'a: &a [x]\nkind: ConfigMap\n',
      'templates/e.yaml': 'a: {{ .Values.x }}\n',
    });
    const { status, lines } = findings('.');
    expect(status).toBe(1);
    expect(lines).toEqual([
      'a.yaml:3 error yaml',
      'b.yaml:10 error schema',
      'c.yaml:11 error schema',
    ]);
  });

  it('reads YAML as Kubernetes and Helm do', () => {
    write({
      'm.yaml': MEMBER.replace('app: redis', 'app: yes').replace(
        'port: 6379',
        'port: 0644',
      ),
    });
    // yes is true there, and 0644 is 420: the label is refused, the port is not.
    expect(findings('m.yaml').list.map(({ path }) => path)).toEqual([
      'spec.target.selector.app',
    ]);
  });

  it('finds an object that is declared twice, in lists too', () => {
    write({
      'a.yaml': MEMBER,
      'b.json': JSON.stringify(
        {
          apiVersion: 'v1',
          kind: 'List',
          items: [parseAllDocuments(MEMBER)[0].toJS()],
        },
        null,
        1,
      ),
    });
    expect(findings('.').lines).toEqual(['b.json:9 error duplicate-object']);
  });

  it('refuses cycles and shared releases across files', () => {
    const named = (name: string, dependency: string) =>
      PACKAGE.replace('name: redis', `name: ${name}`).replace(
        'spec:',
        `spec:\n  dependsOn: [${dependency}]`,
      );
    write({
      'a.yaml': named('a', 'b'),
      'b.yaml': named('b', 'a'),
      'm.yaml': MEMBER,
    });
    expect(findings('.').lines).toEqual([
      'a.yaml:7 error dependency-cycle',
      'b.yaml:7 error dependency-cycle',
    ]);
  });

  it('prints no secret that somebody wrote into a manifest', () => {
    write({
      'p.yaml': PACKAGE.replace(
        '"${resources.redis.auth-token}"',
        '"hunter2 ${nope"',
      )
        .replace('oci://', 'oci://bob:hunter2@')
        .replace('replicas: 3', 'hunter: [hunter2'),
    });
    const broken = lattice('validate', 'p.yaml');
    expect(broken.status).toBe(1);
    expect(broken.stdout + broken.stderr).not.toContain('hunter2');
    write({
      'p.yaml': PACKAGE.replace(
        '"${resources.redis.auth-token}"',
        '"hunter2 ${nope"',
      ).replace('oci://', 'oci://bob:hunter2@'),
    });
    const refused = lattice('validate', 'p.yaml');
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).not.toContain('hunter2');
  });

  it('writes lines for people by default', () => {
    write({ 'p.yaml': PACKAGE.replace('18.4.0', '^18'), 'm.yaml': MEMBER });
    const { stdout } = lattice('validate', '.');
    expect(stdout.split('\n')[0]).toMatch(
      /^p\.yaml:10: error LatticePackage data\/redis spec\.chart\.version: must be one exact version .* \[version-pinned\]$/,
    );
    expect(stdout).toContain('2 objects, 1 error, 0 warnings');
  });
});

describe('lattice compile', () => {
  const kinds = (text: string) =>
    parseAllDocuments(text).map(document => {
      const { kind, metadata } = document.toJS() as {
        kind: string;
        metadata: { namespace: string };
      };
      return `${kind} ${metadata.namespace}`;
    });

  it('prints the policies of both sides, the same whatever the order of files', () => {
    write({ 'a.yaml': MEMBER, 'b.yaml': CHECKOUT });
    const forward = lattice('compile', 'a.yaml', 'b.yaml');
    expect(forward).toMatchObject({ status: 0, stderr: '' });
    expect(kinds(forward.stdout)).toEqual([
      'AuthorizationPolicy commerce',
      'CiliumNetworkPolicy commerce',
      'AuthorizationPolicy data',
      'CiliumNetworkPolicy data',
    ]);
    expect(lattice('compile', 'b.yaml', 'a.yaml').stdout).toBe(forward.stdout);
    expect(forward.stdout).toContain('cluster.local/ns/commerce/sa/checkout');
  });

  it('opens nothing to a caller that has not declared its half', () => {
    write({ 'm.yaml': MEMBER });
    const { status, stdout } = lattice('compile', '.');
    expect(status).toBe(0);
    expect(stdout).not.toContain('/sa/');
  });

  it('follows the profile of the cluster', () => {
    write({
      'm.yaml': MEMBER,
      's.yaml': CHECKOUT,
      'profile.yaml': 'trustDomain: prod.example.com\n',
    });
    const { stdout } = lattice(
      'compile',
      'm.yaml',
      's.yaml',
      '--profile',
      'profile.yaml',
    );
    expect(stdout).toContain('prod.example.com/ns/commerce/sa/checkout');
  });

  it('prints nothing when a declaration is wrong', () => {
    write({
      'm.yaml': MEMBER.replace(
        'name: redis\n      peer',
        'name: Redis\n      peer',
      ),
    });
    const { status, stdout, stderr } = lattice('compile', '.');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('port-name');
  });

  it('quotes what Kubernetes would read as true or false', () => {
    write({ 'm.yaml': MEMBER.replace('app: redis', 'app: "yes"') });
    expect(lattice('compile', '.').stdout).toContain('app: "yes"');
  });
});

describe('bad use', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['no path', ['validate']],
    ['a path that is not there', ['validate', 'nope']],
    ['a config that is not there', ['validate', '.', '--config', 'nope']],
    ['a form that is not known', ['validate', '.', '--output', 'xml']],
    ['an unknown option', ['compile', '.', '--frobnicate']],
  ])('is %s', (_, parameters) => {
    const { status, stdout, stderr } = lattice(...parameters);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('names the key of a config or profile that is wrong', () => {
    write({
      'config.yaml': 'lattice:\n  charts:\n    allowedRepositories: oci://x\n',
      'profile.yaml': 'engines:\n  linkerd: true\n',
    });
    expect(lattice('validate', '.', '--config', 'config.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('lattice.charts.allowedRepositories'),
    });
    expect(lattice('compile', '.', '--profile', 'profile.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('engines.linkerd'),
    });
  });

  it('is not asking for help or the version', () => {
    expect(lattice('--help').status).toBe(0);
    expect(lattice('--version')).toMatchObject({
      status: 0,
      stdout: '0.1.0\n',
    });
  });
});
