import { useFolder } from '../__testUtils__/folder';
import {
  CHECKOUT,
  CONFIG,
  MEMBER,
  PACKAGE,
  PLAIN_PACKAGE,
} from '../__testUtils__/manifests';

const folder = useFolder();

describe('lattice validate', () => {
  it('accepts the manifests of the chapter, unchanged', async () => {
    folder.write({ 'p.yaml': PACKAGE, 'm.yaml': MEMBER, 'c.yaml': CONFIG });
    expect(
      await folder.findings('p.yaml', 'm.yaml', '--config', 'c.yaml'),
    ).toMatchObject({ status: 0, stderr: '', errors: [] });
  });

  it('names file, line, column, object, path and rule of what it refuses', async () => {
    const wrong = PLAIN_PACKAGE.replace('18.4.0', 'latest').replace(
      'oci:',
      'http:',
    );
    folder.write({ 'all/p.yaml': `# a comment\n${wrong}---\n${MEMBER}` });
    const { status, list } = await folder.findings('all');
    expect(status).toBe(1);
    expect(list).toEqual([
      {
        rule: 'repository-scheme',
        severity: 'error',
        file: 'all/p.yaml',
        line: 9,
        column: 5,
        object: 'LatticePackage data/redis',
        path: 'spec.chart.repo',
        message: expect.stringContaining('oci:// or https://'),
        link: 'reference/rules/#repository-scheme',
      },
      {
        rule: 'version-pinned',
        severity: 'error',
        file: 'all/p.yaml',
        line: 11,
        column: 5,
        object: 'LatticePackage data/redis',
        path: 'spec.chart.version',
        message: expect.stringContaining('exact version'),
        link: 'reference/rules/#version-pinned',
      },
    ]);
  });

  it('holds repositories and namespaces to the given config', async () => {
    folder.write({
      'p.yaml': PLAIN_PACKAGE.replace('example.com', 'example.org'),
      'm.yaml': MEMBER,
      'config.yaml': `${CONFIG}  protectedNamespaces: [data]\n`,
    });
    const { lines } = await folder.findings(
      'p.yaml',
      'm.yaml',
      '--config',
      'config.yaml',
    );
    expect(lines).toEqual([
      'm.yaml:5:3 error namespace-protected',
      'p.yaml:5:3 error namespace-protected',
      'p.yaml:8:5 error repository-allowed',
    ]);
  });

  it('says that repositories are not checked without a config', async () => {
    folder.write({ 'p.yaml': PLAIN_PACKAGE, 'm.yaml': MEMBER });
    const { status, stderr, list } = await folder.findings('.');
    expect({ status, list }).toEqual({ status: 0, list: [] });
    expect(stderr).toContain('--config FILE');
  });

  it('warns without failing', async () => {
    folder.write({ 'p.yaml': PLAIN_PACKAGE, 's.yaml': CHECKOUT });
    const { status, lines, list } = await folder.findings('.');
    expect(status).toBe(0);
    expect(lines).toEqual([
      'p.yaml:4:3 warning member-missing',
      's.yaml:16:7 warning agreement-half',
    ]);
    expect(list[1].message).toContain(
      'outbound dependency redis declared but no matching inbound declaration found.',
    );
  });

  it('warns of a store that nobody has configured, and of misspelt fields', async () => {
    folder.write({
      'p.yaml': PACKAGE.replace('  values:', '  suspended: true\n  values:'),
      'm.yaml': MEMBER,
      'config.yaml': CONFIG.replace('defaultStore', 'other'),
    });
    const { status, lines } = await folder.findings(
      'p.yaml',
      'm.yaml',
      '--config',
      'config.yaml',
    );
    expect(status).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        'p.yaml:11:3 warning unknown-field',
        expect.stringMatching(/^p\.yaml:\d+:\d+ warning secret-store$/),
      ]),
    );
  });

  it('reads policies and providers of secrets, too', async () => {
    folder.write({
      'c.yaml': `apiVersion: lattice.dev/v1alpha1
kind: CedarPolicy
metadata: { name: ours, namespace: commerce }
spec: { policies: "permit (principal, action, resource);" }
`,
      's.yaml': `apiVersion: lattice.dev/v1alpha1
kind: SecretProvider
metadata: { name: vault, namespace: data }
spec: { provider: { vault: {}, fake: {} } }
`,
      'config.yaml': 'lattice: { cedar: { namespace: commerce } }\n',
    });
    const { lines } = await folder.findings('.');
    expect(lines).toEqual([
      'c.yaml:3:25 warning policy-namespace',
      's.yaml:4:9 error schema',
    ]);
    const configured = await folder.findings('.', '--config', 'config.yaml');
    expect(configured.lines).toEqual(['s.yaml:4:9 error schema']);
  });

  it('calls the member of a mesh block by the package that holds it', async () => {
    folder.write({
      'p.yaml': `${PLAIN_PACKAGE}  mesh:
    selector: { app: redis }
    ports: [{ port: 6379, name: redis }]
    dependencies: [queue]
`,
    });
    const { list } = await folder.findings('.');
    expect(list).toEqual([
      expect.objectContaining({
        rule: 'agreement-half',
        object: 'LatticePackage data/redis',
        path: 'spec.mesh.dependencies[0]',
        line: 14,
        column: 20,
      }),
    ]);
  });

  it('refuses cycles across files', async () => {
    const named = (name: string, dependency: string) =>
      PLAIN_PACKAGE.replace('name: redis', `name: ${name}`).replace(
        'spec:',
        `spec:\n  dependsOn: [${dependency}]`,
      );
    folder.write({
      'a.yaml': named('a', 'b'),
      'b.yaml': named('b', 'a'),
      'm.yaml': MEMBER,
    });
    const { lines } = await folder.findings('.');
    expect(lines).toEqual([
      'a.yaml:7:3 error dependency-cycle',
      'b.yaml:7:3 error dependency-cycle',
    ]);
  });

  it('prints no secret that somebody wrote into a manifest', async () => {
    const refused = PACKAGE.replace(
      '"${resources.redis.auth-token}"',
      '"hunter2 ${nope"',
    ).replace('oci://', 'oci://bob:hunter2@');
    folder.write({
      'broken.yaml': refused.replace('replicas: 3', 'hunter: [hunter2'),
      'refused.yaml': refused,
    });
    for (const file of ['broken.yaml', 'refused.yaml']) {
      for (const output of ['text', 'json', 'github', 'gitlab']) {
        const { status, stdout, stderr } = await folder.lattice(
          'validate',
          file,
          '--output',
          output,
        );
        expect(status).toBe(1);
        expect(stdout + stderr).not.toContain('hunter2');
      }
    }
  });

  it('writes lines for people by default, as compilers write them', async () => {
    folder.write({
      'p.yaml': PLAIN_PACKAGE.replace('18.4.0', '^18'),
      'm.yaml': MEMBER,
    });
    const { stdout } = await folder.lattice('validate', '.');
    const [line, summary] = stdout.split('\n');
    expect(line).toMatch(
      /^p\.yaml:10:5: error LatticePackage data\/redis spec\.chart\.version: must be one exact version .* \[version-pinned\]$/,
    );
    expect(summary).toBe('2 objects, 1 error, 0 warnings');
  });

  it('says when there was nothing to check, as a wrong folder would have it', async () => {
    folder.write({ 'values.yaml': 'replicas: 3\n' });
    const { status, stderr } = await folder.findings('.');
    expect(status).toBe(0);
    expect(stderr).toContain('nothing of Lattice');
  });

  it('writes annotations that GitHub shows beside the lines of a pull request', async () => {
    folder.write({ 'a,b/p.yaml': PLAIN_PACKAGE.replace('18.4.0', '18.4.x') });
    const { stdout } = await folder.lattice(
      'validate',
      'a,b',
      '--output',
      'github',
    );
    expect(stdout.split('\n')[0]).toMatch(
      /^::warning file=a%2Cb\/p\.yaml,line=4,col=3,title=member-missing::LatticePackage data\/redis metadata\.name: /,
    );
    expect(stdout.split('\n')[1]).toMatch(
      /^::error file=a%2Cb\/p\.yaml,line=10,col=5,title=version-pinned::/,
    );
  });

  it('writes a report that GitLab reads, its fingerprints free of line numbers', async () => {
    const wrong = PLAIN_PACKAGE.replace('18.4.0', '18.4.x');
    const report = async () => {
      const { stdout } = await folder.lattice(
        'validate',
        'p.yaml',
        '--output',
        'gitlab',
      );
      return JSON.parse(stdout) as {
        check_name: string;
        severity: string;
        fingerprint: string;
        location: { path: string; lines: { begin: number } };
      }[];
    };
    folder.write({ 'p.yaml': wrong });
    const before = await report();
    folder.write({ 'p.yaml': `# one line more\n${wrong}` });
    const after = await report();
    expect(before[1]).toMatchObject({
      check_name: 'version-pinned',
      severity: 'major',
      location: { path: 'p.yaml', lines: { begin: 10 } },
    });
    expect(after[1].location.lines.begin).toBe(11);
    expect(after.map(one => one.fingerprint)).toEqual(
      before.map(one => one.fingerprint),
    );
    expect(new Set(before.map(one => one.fingerprint)).size).toBe(
      before.length,
    );
  });
});
