import { DEFAULT_PROFILE } from '@lattice-portal/backstage-plugin-lattice-common';
import { useFolder } from '../__testUtils__/folder';
import { readProfile } from './readProfile';

const folder = useFolder();

function read(text: string) {
  folder.write({ 'profile.yaml': text });
  return readProfile('profile.yaml');
}

describe('readProfile', () => {
  it('is that of a stock cluster where the file says nothing', () => {
    expect(readProfile(undefined)).toEqual(DEFAULT_PROFILE);
    expect(read('')).toEqual(DEFAULT_PROFILE);
  });

  it('keeps what a part of the file leaves out', () => {
    expect(
      read(
        'engines: { istio: false }\ndns: { ports: [8053] }\nmtls: notRequired\n',
      ),
    ).toEqual({
      ...DEFAULT_PROFILE,
      engines: { cilium: true, istio: false },
      dns: { ...DEFAULT_PROFILE.dns, ports: [8053] },
      mtls: 'notRequired',
    });
  });

  it.each([
    ['engines: { linkerd: true }', 'engines.linkerd is not a key'],
    ['trustDomain: "*"', 'trustDomain must be the name of a domain'],
    ['trustDomain: a/b', 'trustDomain must be the name of a domain'],
    ['clusterName: ""', 'clusterName must be the name of a cluster'],
    ['rootNamespace: 5', 'rootNamespace must be the name of a namespace'],
    ['mtls: none', 'mtls must be required or notRequired'],
    ['engines: { cilium: "no" }', 'engines.cilium must be true or false'],
    ['dns: { ports: [70000] }', 'dns.ports[0] must be a port number'],
    ['dns: { labels: {} }', 'dns.labels must name at least one label'],
    ['apiServerEntities: [all]', 'apiServerEntities[0] must be one of'],
    ['- a', 'must hold an object'],
    ['a: [', 'profile.yaml:1:5: is not valid YAML'],
    ['{}\n---\n{}', 'must hold one document'],
  ])('refuses %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
