import { PARTS } from './catalogue';
import { buildFlags, partKey, requiredVersion } from './partKey';
import type { Part } from './types';

const part: Part = {
  name: 'kubernetes',
  tool: 'kubernetes',
  module: 'k8s.io/kubernetes',
  programs: [{ name: 'kubectl', package: 'k8s.io/kubernetes/cmd/kubectl' }],
  linkerVariables: ['a/version={version}', 'a/major={major}'],
};
const goMod =
  'module x\n\nrequire (\n\tk8s.io/kubernetes v1.36.3\n\tk8s.io/kubernetes/extra v9.9.9\n)\n';
const base = { part, goMod, goSum: 'sum', platform: 'linux', arch: 'x64' };

describe('partKey', () => {
  it('names the version and the platform', () => {
    expect(partKey(base)).toMatch(
      /^kubernetes-v1\.36\.3-linux-amd64-[0-9a-f]{12}$/,
    );
  });

  it.each([
    ['another dependency', { goSum: 'other' }],
    ['another go.mod', { goMod: `${goMod}\n` }],
    ['another source of the program', { source: 'package main' }],
    ['other flags', { part: { ...part, tags: ['x'] } }],
    ['another architecture', { arch: 'arm64' }],
    ['another system', { platform: 'darwin' }],
  ])(
    'differs for %s, so that a wrong binary is never used',
    (_what, change) => {
      expect(partKey({ ...base, ...change })).not.toBe(partKey(base));
    },
  );

  it('refuses a platform for which nothing can be built', () => {
    expect(() => partKey({ ...base, platform: 'win32' })).toThrow(
      /Linux and macOS/,
    );
  });

  it('finds a version in both forms of a require line', () => {
    expect(requiredVersion(goMod, 'k8s.io/kubernetes')).toBe('v1.36.3');
    expect(requiredVersion('require a.b/c v1.0.0', 'a.b/c')).toBe('v1.0.0');
    expect(() => requiredVersion(goMod, 'a.b/c')).toThrow(/does not require/);
  });

  it('puts the version into the binary', () => {
    expect(buildFlags(part, 'v1.36.3')).toEqual([
      '-trimpath',
      '-ldflags',
      '-s -w -X a/version=v1.36.3 -X a/major=1',
    ]);
  });

  it('has a unique name for every part', () => {
    expect(new Set(PARTS.map(({ name }) => name)).size).toBe(PARTS.length);
  });
});
