import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { useFolder } from '../__testUtils__/folder';
import { MEMBER, PACKAGE } from '../__testUtils__/manifests';
import { MAX_FILE_BYTES } from './readText';

const folder = useFolder();

const WRONG = MEMBER.replace('port: 6379', 'port: 70000');

describe('reading files', () => {
  it('reads on after files and objects that it cannot read', async () => {
    folder.write({
      'a.yaml': 'apiVersion: lattice.dev/v1alpha1\nkind: [LatticePackage\n',
      'b.yaml': PACKAGE.replace('version: 18.4.0', 'version: 18.4'),
      'c.yaml': WRONG,
      'd.yaml': 'a: &a [x]\nkind: ConfigMap\n',
      'templates/e.yaml': 'a: [\n',
    });
    const { status, lines } = await folder.findings('.');
    expect(status).toBe(1);
    expect(lines).toEqual([
      'a.yaml:3:1 error yaml',
      'b.yaml:10:5 error schema',
      'c.yaml:11:7 error schema',
    ]);
  });

  it('reads a file that the user names even when it does not look like ours', async () => {
    folder.write({ 'e.yaml': 'a: {{- end }}\n  b: [\n' });
    expect((await folder.findings('.')).lines).toEqual([]);
    expect((await folder.findings('e.yaml')).lines).toEqual([
      expect.stringContaining('error yaml'),
    ]);
  });

  it('reads YAML as Kubernetes and Helm do', async () => {
    folder.write({
      'm.yaml': MEMBER.replace('app: redis', 'app: yes').replace(
        'port: 6379',
        'port: 0644',
      ),
    });
    // yes is true there, and 0644 is 420: the label is refused, the port is not.
    const { list } = await folder.findings('m.yaml');
    expect(list.map(({ path }) => path)).toEqual(['spec.target.selector.app']);
  });

  it.each([
    ['a key that stands twice', `${MEMBER}kind: X\n`, 'twice', 20],
    ['a %YAML line', `%YAML 1.2\n---\n${MEMBER}`, '%YAML', 3],
    [
      'aliases that multiply',
      `${MEMBER}x: &a [1]\ny: [${'*a,'.repeat(200)}]\n`,
      'aliases',
      1,
    ],
    [
      'depth without end',
      `# lattice.dev/\na: ${'['.repeat(10_000)}`,
      'RESOURCE_EXHAUSTION',
      2,
    ],
  ])('refuses %s', async (_, text, message, line) => {
    folder.write({ 'm.yaml': text });
    const { status, list } = await folder.findings('.');
    expect(status).toBe(1);
    expect(list).toEqual([
      expect.objectContaining({
        rule: 'yaml',
        line,
        message: expect.stringContaining(message),
      }),
    ]);
  });

  it('counts lines and columns in files of Windows, and past a byte-order mark', async () => {
    folder.write({
      'm.yaml': `\uFEFF${WRONG}---\n${WRONG.replace(
        'redis',
        'valkey',
      )}`.replace(/\n/g, '\r\n'),
    });
    expect((await folder.findings('.')).lines).toEqual([
      'm.yaml:11:7 error schema',
      'm.yaml:31:7 error schema',
    ]);
  });

  it('finds an object that is declared twice, in lists and JSON too', async () => {
    const item: unknown = parse(MEMBER);
    const list = (items: unknown[]) => ({
      apiVersion: 'v1',
      kind: 'List',
      items,
    });
    folder.write({
      'a.yaml': MEMBER,
      'b.json': JSON.stringify(list([list([item])]), null, 1),
    });
    expect((await folder.findings('.')).lines).toEqual([
      'b.json:13:7 error duplicate-object',
    ]);
  });

  it('keeps a document that is broken apart from its neighbours in the same file', async () => {
    folder.write({
      'm.yaml': `${MEMBER}---\na: [\n---\n${WRONG.replace(
        'name: redis',
        'name: b',
      )}`,
    });
    const { lines } = await folder.findings('.');
    expect(lines).toEqual([
      expect.stringContaining('error yaml'),
      'm.yaml:33:7 error schema',
    ]);
  });

  it('warns of a kind of our group that nothing reads', async () => {
    folder.write({
      'm.yaml': MEMBER.replace('LatticeMeshMember', 'LatticeMember'),
      'n.yaml': 'apiVersion: lattice.dev/v1alpha1\nkind: LatticeJob\n',
    });
    expect((await folder.findings('.')).lines).toEqual([
      'm.yaml:2:1 warning unknown-kind',
    ]);
  });

  it('leaves kinds of other groups alone, whatever their names', async () => {
    folder.write({
      'm.yaml': WRONG.replace('lattice.dev/v1alpha1', 'example.com/v1'),
    });
    expect((await folder.findings('.')).lines).toEqual([]);
  });
});

describe('finding files', () => {
  it('follows links once, in circles never', async () => {
    folder.write({ 'real/m.yaml': WRONG });
    symlinkSync('..', join(folder.path, 'real/up'));
    symlinkSync('real', join(folder.path, 'linked'));
    symlinkSync('m.yaml', join(folder.path, 'real/z.yaml'));
    const { lines } = await folder.findings('.', './real', 'real/m.yaml');
    expect(lines).toEqual(['linked/m.yaml:11:7 error schema']);
  });

  it('refuses links that lead nowhere or to themselves: what they stood for went unchecked', async () => {
    folder.write({ 'm.yaml': MEMBER });
    symlinkSync('gone.yaml', join(folder.path, 'a.yaml'));
    symlinkSync('loop.yaml', join(folder.path, 'loop.yaml'));
    const { status, lines } = await folder.findings('.');
    expect(status).toBe(1);
    expect(lines).toEqual([
      'a.yaml:1:1 error file',
      'loop.yaml:1:1 error file',
    ]);
  });

  it('passes hidden folders and node_modules by', async () => {
    folder.write({ '.git/m.yaml': WRONG, 'node_modules/m.yaml': WRONG });
    expect((await folder.findings('.')).lines).toEqual([]);
  });

  it('passes the templates of charts by, which are no manifests yet', async () => {
    const template = `${MEMBER}  x: {{ .Values.x }\n`;
    folder.write({
      'chart/Chart.yaml': 'name: x\n',
      'chart/templates/m.yaml': template,
      'chart/crds/m.yaml': WRONG,
      'templates/m.yaml': WRONG.replace('name: redis', 'name: b'),
    });
    expect((await folder.findings('.')).lines).toEqual([
      'chart/crds/m.yaml:11:7 error schema',
      'templates/m.yaml:11:7 error schema',
    ]);
  });

  it('takes no huge file into memory, and says so', async () => {
    folder.write({
      'huge.json': new Uint8Array(MAX_FILE_BYTES + 1),
      'm.yaml': MEMBER,
    });
    expect(await folder.findings('.')).toMatchObject({
      status: 0,
      lines: ['huge.json:1:1 warning file'],
    });
    expect(await folder.findings('huge.json')).toMatchObject({
      status: 1,
      lines: ['huge.json:1:1 error file'],
    });
  });

  it('refuses a named file that is no text', async () => {
    folder.write({ 'm.yaml': new Uint8Array([0xff, 0xfe, 0x00]) });
    expect((await folder.findings('m.yaml')).lines).toEqual([
      'm.yaml:1:1 error file',
    ]);
  });

  it('reads standard input where a dash stands', async () => {
    const { status, stdout } = await folder.latticeReading(
      WRONG,
      'validate',
      '-',
      '-',
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^-:11:7: error /);
    expect(stdout).toContain('0 objects, 1 error');
  });

  it('is fast on an object with very many keys', async () => {
    const keys = Array.from({ length: 30_000 }, (_, n) => `k${n}: 1\n`);
    folder.write({ 'm.yaml': `apiVersion: lattice.dev/x\n${keys.join('')}` });
    // Comparing every key with every other one would take half a minute.
    expect((await folder.findings('m.yaml')).status).toBe(0);
  });
});
