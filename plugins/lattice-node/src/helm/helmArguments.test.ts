import { buildHelmArguments, HelmCommand } from './helmArguments';
import { checkHelmVersion, UnsupportedHelmError } from './helmVersion';

const target = { release: 'redis', namespace: 'data' };
const install = {
  ...target,
  chartPath: '/cache/redis.tgz',
  timeoutSeconds: 300,
  labels: { 'portal.lattice.dev/owner-uid': 'u-1', a: 'b' },
  serverSide: true,
};

describe('checkHelmVersion', () => {
  it.each(['v3.21.0', 'v3.22.0+gabc', 'v4.2.4', 'v4.3.1+gdef', '4.3.1'])(
    'takes %s',
    text => {
      expect(checkHelmVersion(`${text}\n`).major).toBeGreaterThanOrEqual(3);
    },
  );
  it.each(['v2.17.0', 'v3.20.9', 'v4.0.0', 'v4.2.3', 'v5.0.0', '', 'nonsense'])(
    'refuses %p',
    text => {
      expect(() => checkHelmVersion(text)).toThrow(UnsupportedHelmError);
    },
  );
});

describe('buildHelmArguments', () => {
  it('installs over stdin, with CRDs skipped and labels sorted', () => {
    expect(
      buildHelmArguments(4, { verb: 'install', ...install }, '/run/kube'),
    ).toEqual([
      'install',
      'redis',
      '/cache/redis.tgz',
      '--namespace',
      'data',
      '--values',
      '-',
      '--skip-crds',
      '--labels',
      'a=b,portal.lattice.dev/owner-uid=u-1',
      '--timeout',
      '300s',
      '--server-side=true',
      '--kubeconfig',
      '/run/kube',
    ]);
  });

  it.each<[HelmCommand['verb'], HelmCommand]>([
    ['install', { verb: 'install', ...install }],
    ['upgrade', { verb: 'upgrade', ...install, historyMax: 5 }],
    [
      'rollback',
      {
        verb: 'rollback',
        ...target,
        revision: 2,
        historyMax: 5,
        timeoutSeconds: 1,
        serverSide: true,
      },
    ],
  ])('%s names the way of applying on 4 and never on 3', (_, command) => {
    expect(buildHelmArguments(4, command)).toContain('--server-side=true');
    expect(buildHelmArguments(3, command).join(' ')).not.toContain('server');
  });

  it('never forces conflicts unless asked, and never without server-side apply', () => {
    const forced = {
      verb: 'install',
      ...install,
      forceConflicts: true,
    } as const;
    expect(
      buildHelmArguments(4, { verb: 'install', ...install }),
    ).not.toContain('--force-conflicts');
    expect(buildHelmArguments(4, forced)).toContain('--force-conflicts');
    expect(
      buildHelmArguments(4, { ...forced, serverSide: false }),
    ).not.toContain('--force-conflicts');
    expect(buildHelmArguments(3, forced)).not.toContain('--force-conflicts');
  });

  it('keeps the history when uninstalling in two phases', () => {
    const command = {
      verb: 'uninstall',
      ...target,
      timeoutSeconds: 60,
      keepHistory: true,
    } as const;
    expect(buildHelmArguments(4, command)).toContain('--keep-history');
    expect(
      buildHelmArguments(3, { ...command, keepHistory: false }),
    ).not.toContain('--keep-history');
  });

  it('tells the majors apart when helm waits', () => {
    const command = { verb: 'install', ...install, wait: true } as const;
    expect(buildHelmArguments(3, command)).toContain('--wait');
    expect(buildHelmArguments(4, command)).toContain('--wait=watcher');
  });

  it.each([
    ['a release that looks like a flag', { release: '--post-renderer' }],
    ['a release that is too long', { release: 'a'.repeat(54) }],
    ['a namespace that looks like a flag', { namespace: '-n' }],
    ['a chart that is no absolute path', { chartPath: 'oci://evil/chart' }],
    ['a label that brings another', { labels: { a: 'b,c=d' } }],
  ])('refuses %s', (_, change) => {
    expect(() =>
      buildHelmArguments(4, { verb: 'install', ...install, ...change }),
    ).toThrow();
  });
});
