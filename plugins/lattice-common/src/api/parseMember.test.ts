import { parse } from 'yaml';
import { aMember, aMemberManifest, CHAPTER_MEMBER } from '../testing/manifests';
import { parseMember } from './parseMember';

function problemsOf(raw: unknown): string[] {
  const result = parseMember(raw);
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

describe('parseMember', () => {
  it('reads the chapter, unchanged', () => {
    const result = parseMember(parse(CHAPTER_MEMBER, { version: '1.1' }));
    expect(result).toMatchObject({
      ok: true,
      value: {
        kind: 'LatticeMeshMember',
        spec: {
          target: { selector: { app: 'redis' } },
          ports: [
            {
              port: 6379,
              servicePort: 6379,
              name: 'redis',
              peerAuth: 'Strict',
              protocol: 'TCP',
            },
          ],
          allowedCallers: [
            { name: 'checkout', namespace: 'commerce' },
            { name: 'inventory', namespace: 'commerce' },
          ],
          dependencies: [],
          egress: [],
          allowPeerTraffic: false,
          dependsAll: false,
          serviceAccount: 'redis',
          ambient: true,
        },
      },
    });
  });

  it('reads flat labels and matchLabels alike', () => {
    const flat = aMember();
    const nested = aMember({
      spec: {
        target: { selector: { app: undefined, matchLabels: { app: 'redis' } } },
      },
    });
    expect(nested.spec).toEqual(flat.spec);
  });

  it('takes a flat label called matchLabels for a label', () => {
    const { spec } = aMember({
      spec: { target: { selector: { app: undefined, matchLabels: 'yes' } } },
    });
    expect(spec.target).toEqual({ selector: { matchLabels: 'yes' } });
  });

  it('reads egress ports as numbers and as objects', () => {
    const { spec } = aMember({
      spec: {
        egress: [
          { target: { fqdn: 'a.example.com' }, ports: [443, { port: 8443 }] },
        ],
      },
    });
    expect(spec.egress).toEqual([
      {
        target: { fqdn: 'a.example.com' },
        ports: [443, 8443],
        protocol: 'TCP',
      },
    ]);
  });

  it('reads callers as objects and as text; only the bare wildcard stays without namespace', () => {
    const { spec } = aMember({
      spec: {
        allowedCallers: ['a', 'commerce/b', { name: 'c' }, '*', 'commerce/*'],
      },
    });
    expect(spec.allowedCallers).toEqual([
      { name: 'a', namespace: 'data' },
      { name: 'b', namespace: 'commerce' },
      { name: 'c', namespace: 'data' },
      { name: '*' },
      { name: '*', namespace: 'commerce' },
    ]);
  });

  it.each([
    ['both targets', { target: { namespace: 'data' } }, 'spec.target'],
    ['no target', { target: { selector: undefined } }, 'spec.target'],
    [
      'a label that is no text',
      { target: { selector: { app: true } } },
      'spec.target.selector.app',
    ],
    ['an empty caller', { allowedCallers: ['/x'] }, 'spec.allowedCallers[0]'],
    [
      'a caller without name',
      { allowedCallers: ['x/'] },
      'spec.allowedCallers[0]',
    ],
    [
      'two egress targets',
      { egress: [{ target: { fqdn: 'a', cidr: 'b' } }] },
      'spec.egress[0].target',
    ],
    ['no egress target', { egress: [{ target: {} }] }, 'spec.egress[0].target'],
    [
      'an egress port that is none',
      { egress: [{ target: { fqdn: 'a' }, ports: [{ port: 0 }] }] },
      'spec.egress[0].ports[0].port',
    ],
    [
      'an unknown peerAuth',
      { ports: [{ port: 1, name: 'a', peerAuth: 'Open' }] },
      'spec.ports[0].peerAuth',
    ],
  ])('refuses %s', (_, spec, path) => {
    expect(problemsOf(aMemberManifest({ spec }))).toEqual([path]);
  });
});
