import { parseAllDocuments } from 'yaml';
import { useFolder } from '../__testUtils__/folder';
import { CHECKOUT, MEMBER } from '../__testUtils__/manifests';

const folder = useFolder();

function kinds(text: string): string[] {
  return parseAllDocuments(text).map(document => {
    const { kind, metadata } = document.toJS() as {
      kind: string;
      metadata: { namespace: string };
    };
    return `${kind} ${metadata.namespace}`;
  });
}

describe('lattice compile', () => {
  it('prints the policies of both sides, the same bytes whatever the order of files', async () => {
    folder.write({ 'a.yaml': MEMBER, 'b.yaml': CHECKOUT });
    const forward = await folder.lattice('compile', 'a.yaml', 'b.yaml');
    expect(forward).toMatchObject({ status: 0, stderr: '' });
    expect(kinds(forward.stdout)).toEqual([
      'AuthorizationPolicy commerce',
      'CiliumNetworkPolicy commerce',
      'AuthorizationPolicy data',
      'CiliumNetworkPolicy data',
    ]);
    const backward = await folder.lattice('compile', 'b.yaml', 'a.yaml');
    expect(backward.stdout).toBe(forward.stdout);
    const split = await folder.latticeReading(
      `${CHECKOUT}---\n${MEMBER}`,
      'compile',
      '-',
    );
    expect(split.stdout).toBe(forward.stdout);
    expect(forward.stdout).toContain('cluster.local/ns/commerce/sa/checkout');
  });

  it('opens nothing to a caller that has not declared its half', async () => {
    folder.write({ 'm.yaml': MEMBER });
    const { status, stdout } = await folder.lattice('compile', '.');
    expect(status).toBe(0);
    expect(stdout).not.toContain('/sa/');
  });

  it('prints a List that kubectl reads, with the same objects', async () => {
    folder.write({ 'a.yaml': MEMBER, 'b.yaml': CHECKOUT });
    const { stdout: yaml } = await folder.lattice('compile', '.');
    const { stdout } = await folder.lattice('compile', '.', '--output', 'json');
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: parseAllDocuments(yaml).map(one => one.toJS() as unknown),
    });
  });

  it('follows the profile of the cluster', async () => {
    folder.write({
      'm.yaml': MEMBER,
      's.yaml': CHECKOUT,
      'profile.yaml': 'trustDomain: prod.example.com\n',
    });
    const { stdout } = await folder.lattice(
      'compile',
      'm.yaml',
      's.yaml',
      '--profile',
      'profile.yaml',
    );
    expect(stdout).toContain('prod.example.com/ns/commerce/sa/checkout');
  });

  it('prints nothing when a declaration is wrong', async () => {
    folder.write({ 'm.yaml': MEMBER.replace(/name: redis$/m, 'name: R_') });
    const { status, stdout, stderr } = await folder.lattice('compile', '.');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^m\.yaml:4:3: error .*\[member-name\]\n/);
  });

  it('compiles for protected namespaces what the config exempts', async () => {
    folder.write({
      'm.yaml': MEMBER.replace(/namespace: data/, 'namespace: kube-system'),
      'c.yaml': 'lattice: { platformObjects: [kube-system/redis] }\n',
    });
    const alone = await folder.lattice('compile', 'm.yaml');
    expect(alone.status).toBe(1);
    expect(alone.stderr).toContain('namespace-protected');
    const exempt = await folder.lattice(
      'compile',
      'm.yaml',
      '--config',
      'c.yaml',
    );
    expect(exempt).toMatchObject({ status: 0, stderr: '' });
  });

  it('says of which member nothing can be made on such a cluster', async () => {
    folder.write({
      'm.yaml': MEMBER.replace(
        /target:\n.*\n.*\n/,
        'target: { namespace: data }\n',
      ),
      'p.yaml': 'rootNamespace: data\n',
    });
    const { status, stdout, stderr } = await folder.lattice(
      'compile',
      'm.yaml',
      '--profile',
      'p.yaml',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/^m\.yaml:7:3: warning .*\[no-policies\]\n$/);
  });

  it('quotes what Kubernetes would read as true or false', async () => {
    folder.write({ 'm.yaml': MEMBER.replace('app: redis', 'app: "yes"') });
    const { stdout } = await folder.lattice('compile', '.');
    expect(stdout).toContain('app: "yes"');
  });
});
