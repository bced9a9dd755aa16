import { parse } from 'yaml';
import { useFolder } from '../__testUtils__/folder';
import { CHECKOUT, MEMBER } from '../__testUtils__/manifests';

const folder = useFolder();

const CLOSED = MEMBER.replace(
  /allowedCallers:[^]*dependencies/,
  'allowedCallers: []\n  dependencies',
);

function explain(...parameters: string[]) {
  return folder.lattice(
    'explain',
    '.',
    '--from',
    'commerce/checkout',
    '--to',
    'data/redis',
    ...parameters,
  );
}

interface Explained {
  verdict: string;
  from: string;
  to: string;
  port?: number;
  firstFailing?: { layer: string };
  layers: { layer: string; verdict: string; evidence: string }[];
  missing?: { file?: string; patch: string; object: { kind: string } };
}

async function explained(...parameters: string[]) {
  const { status, stdout } = await explain(...parameters, '--output', 'json');
  return { status, ...(JSON.parse(stdout) as Explained) };
}

describe('lattice explain', () => {
  it('draws the chain of what is allowed, and ends with 0', async () => {
    folder.write({ 'm.yaml': MEMBER, 's.yaml': CHECKOUT });
    const { status, stdout, stderr } = await explain('--port', '6379');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [first, , ...chain] = stdout.trimEnd().split('\n');
    expect(first).toBe('commerce/checkout -> data/redis, 6379: allowed');
    expect(chain[0]).toMatch(/^ {2}✓ caller is known +LatticeService commerce/);
    expect(chain.every(line => /^ {2}[✓-] /.test(line))).toBe(true);
  });

  it('says whose half is missing, what to write into which file, and ends with 1', async () => {
    folder.write({ 'a/m.yaml': CLOSED, 's.yaml': CHECKOUT });
    const { status, stdout } = await explain('--port', '6379');
    expect(status).toBe(1);
    expect(stdout).toContain(': denied\n');
    expect(stdout).toContain('✗ callee allows');
    expect(stdout).toContain(
      `To write into LatticeMeshMember data/redis (a/m.yaml):
    spec:
      allowedCallers:
        - name: checkout
          namespace: commerce
`,
    );
  });

  it('gives the same as JSON', async () => {
    folder.write({ 'a/m.yaml': CLOSED, 's.yaml': CHECKOUT });
    const { status, missing, ...rest } = await explained('--port', '6379');
    expect(status).toBe(1);
    expect(rest).toMatchObject({
      from: 'commerce/checkout',
      to: 'data/redis',
      port: 6379,
      verdict: 'denied',
      firstFailing: { layer: 'calleeAllows' },
    });
    expect(missing).toMatchObject({
      file: 'a/m.yaml',
      object: { kind: 'LatticeMeshMember' },
    });
    expect(parse(missing?.patch ?? '')).toEqual({
      spec: { allowedCallers: [{ name: 'checkout', namespace: 'commerce' }] },
    });
  });

  it('is right once the patch is applied, and not before', async () => {
    folder.write({ 'm.yaml': CLOSED, 's.yaml': CHECKOUT });
    const { status, missing } = await explained('--port', '6379');
    expect(status).toBe(1);
    const { spec } = parse(missing?.patch ?? '') as {
      spec: { allowedCallers: unknown };
    };
    folder.write({
      'm.yaml': CLOSED.replace(
        'allowedCallers: []',
        `allowedCallers: ${JSON.stringify(spec.allowedCallers)}`,
      ),
    });
    expect((await explained('--port', '6379')).status).toBe(0);
  });

  it.each([
    ['a port that is not declared', ['--port', '6380']],
    ['the other protocol', ['--port', '6379', '--protocol', 'UDP']],
  ])('denies %s', async (_, parameters) => {
    folder.write({ 'm.yaml': MEMBER, 's.yaml': CHECKOUT });
    expect(await explained(...parameters)).toMatchObject({
      status: 1,
      verdict: 'denied',
      firstFailing: { layer: 'portDeclared' },
    });
  });

  it('counts policies of others that lie among the files', async () => {
    folder.write({
      'm.yaml': MEMBER,
      's.yaml': CHECKOUT,
      'chart.yaml': `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: lockdown, namespace: data }
spec:
  endpointSelector: { matchLabels: { app: redis } }
  ingressDeny: [{ fromEntities: [all] }]
`,
    });
    const { verdict, firstFailing } = await explained('--port', '6379');
    expect({ verdict, layer: firstFailing?.layer }).toEqual({
      verdict: 'denied',
      layer: 'ciliumIngress',
    });
  });

  it('looks at running pods where they are given, and at their namespaces', async () => {
    const pod = (key: string, labels: string, account: string) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${key}-0, namespace: ${
      key === 'redis' ? 'data' : 'commerce'
    }, labels: ${labels} }
spec: { serviceAccountName: ${account}, containers: [] }
`;
    const accounts = ['data/redis', 'commerce/checkout'].map(key => {
      const [namespace, name] = key.split('/');
      return `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: ${namespace} }\n`;
    });
    const running = (account: string) =>
      [
        pod('redis', '{ app: redis }', 'redis'),
        pod('checkout', '{ app.kubernetes.io/name: checkout }', account),
        ...accounts,
      ].join('');
    folder.write({ 'm.yaml': MEMBER, 's.yaml': CHECKOUT });
    folder.write({ 'pods.yaml': running('checkout') });
    expect((await explained('--port', '6379')).verdict).toBe('allowed');
    folder.write({ 'pods.yaml': running('default') });
    expect((await explained('--port', '6379')).verdict).toBe('denied');
  });

  it('answers for places outside, too', async () => {
    folder.write({ 'm.yaml': MEMBER });
    const { status, stdout } = await folder.lattice(
      'explain',
      'm.yaml',
      '--from',
      'world',
      '--to',
      'data/redis',
    );
    expect(status).toBe(1);
    expect(stdout).toContain('world -> data/redis: denied');
  });

  it('explains nothing of declarations that admission would refuse', async () => {
    folder.write({ 'm.yaml': MEMBER.replace('6379', '70000') });
    const { status, stdout, stderr } = await explain();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('m.yaml:11:7: error');
  });

  it.each([
    ['--from', ['--from', 'checkout', '--to', 'data/redis']],
    ['--to', ['--from', 'a/b', '--to', 'a/b/c']],
    ['--port', ['--from', 'a/b', '--to', 'a/c', '--port', '0x10']],
    ['--port', ['--from', 'a/b', '--to', 'a/c', '--port', '65536']],
    ['--protocol', ['--from', 'a/b', '--to', 'a/c', '--protocol', 'ICMP']],
    ['--to', ['--from', 'a/b']],
  ])('says that %s is wrong in %j', async (option, parameters) => {
    const { status, stderr } = await folder.lattice(
      'explain',
      '.',
      ...parameters,
    );
    expect(status).toBe(2);
    expect(stderr).toContain(option);
  });
});
