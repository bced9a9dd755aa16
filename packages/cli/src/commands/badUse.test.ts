import { useFolder } from '../__testUtils__/folder';

const folder = useFolder();

describe('bad use', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['no path', ['validate']],
    ['a path that is not there', ['validate', 'nope']],
    ['a config that is not there', ['validate', '.', '--config', 'nope']],
    ['a form that is not known', ['validate', '.', '--output', 'xml']],
    ['an unknown option', ['compile', '.', '--frobnicate']],
  ])('is %s', async (_, parameters) => {
    const { status, stdout, stderr } = await folder.lattice(...parameters);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('is a config whose keys are wrong, named', async () => {
    folder.write({
      'c.yaml': 'lattice:\n  charts:\n    allowedRepositories: oci://x\n',
    });
    expect(
      await folder.lattice('validate', '.', '--config', 'c.yaml'),
    ).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('lattice.charts.allowedRepositories'),
    });
  });

  it('is not asking for help or the version', async () => {
    expect((await folder.lattice('--help')).status).toBe(0);
    expect((await folder.lattice('validate', '--help')).status).toBe(0);
    expect(await folder.lattice('--version')).toMatchObject({
      status: 0,
      stdout: '0.1.0\n',
    });
  });
});
