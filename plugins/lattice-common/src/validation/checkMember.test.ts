import { parse } from 'yaml';
import { parseMember } from '../api/parseMember';
import { lines, Row, unstyled } from '../testing/goldenTable';
import {
  aMember,
  aMemberManifest,
  CHAPTER_MEMBER,
  Patch,
  RULES,
} from '../testing/manifests';
import { checkMember } from './checkMember';

const spec = (fields: Patch): Patch => ({ spec: fields });
const selector = (labels: Patch): Patch =>
  spec({ target: { selector: { app: undefined, ...labels } } });
const ports = (...list: Patch[]): Patch => spec({ ports: list });
const egress = (target: Patch, list: number[] = [443]): Patch =>
  spec({ egress: [{ target, ports: list }] });

const MEMBER_ROWS: Row[] = [
  [
    'refuses a namespace that could not exist',
    { metadata: { namespace: 'Data' } },
    ['namespace-form metadata.namespace'],
  ],
  [
    'refuses a name that could not exist',
    { metadata: { name: 'Redis' }, spec: { serviceAccount: 'redis' } },
    ['member-name metadata.name'],
  ],
  ['accepts a plain member', {}, []],
  ['accepts a member without ports', spec({ ports: undefined }), []],
  [
    'refuses a protected namespace',
    { metadata: { namespace: 'cilium-system' } },
    ['namespace-protected metadata.namespace'],
  ],
  [
    'refuses an empty selector',
    selector({}),
    ['selector-empty spec.target.selector'],
  ],
  [
    'refuses a key that is no label',
    selector({ 'a b': 'x' }),
    ['selector-syntax spec.target.selector["a b"]'],
  ],
  [
    'refuses a value that is no label',
    selector({ app: 'a b' }),
    ['selector-syntax spec.target.selector.app'],
  ],
  [
    'refuses a value of 64 characters',
    selector({ app: 'a'.repeat(64) }),
    ['selector-syntax spec.target.selector.app'],
  ],
  [
    'names matchLabels where the user wrote it',
    selector({ matchLabels: { app: 'a b' } }),
    ['selector-syntax spec.target.selector.matchLabels.app'],
  ],
  [
    'refuses a source prefix',
    selector({ 'any:app': 'x' }),
    [
      'selector-syntax spec.target.selector["any:app"]',
      'selector-reserved spec.target.selector["any:app"]',
    ],
  ],
  [
    'refuses a reserved identity',
    selector({ 'reserved:world': '' }),
    [
      'selector-syntax spec.target.selector["reserved:world"]',
      'selector-reserved spec.target.selector["reserved:world"]',
    ],
  ],
  [
    'refuses the namespace label of Cilium',
    selector({ 'io.kubernetes.pod.namespace': 'kube-system' }),
    [
      'selector-reserved spec.target.selector["io.kubernetes.pod.namespace"]',
      'selector-ignored spec.target.selector["io.kubernetes.pod.namespace"] (warning)',
    ],
  ],
  [
    'refuses the namespace labels of Cilium',
    selector({ 'io.cilium.k8s.namespace.labels.team': 'x' }),
    [
      'selector-reserved spec.target.selector["io.cilium.k8s.namespace.labels.team"]',
    ],
  ],
  [
    'warns of a label that Cilium ignores',
    selector({ 'pod-template-hash': 'abc' }),
    ['selector-ignored spec.target.selector.pod-template-hash (warning)'],
  ],
  [
    'accepts the usual application label',
    selector({ 'app.kubernetes.io/name': 'redis' }),
    [],
  ],
  [
    'accepts its own namespace as target',
    spec({ target: { selector: undefined, namespace: 'data' } }),
    [],
  ],
  [
    'refuses another namespace as target',
    spec({ target: { selector: undefined, namespace: 'other' } }),
    ['namespace-target spec.target.namespace'],
  ],
  [
    'refuses plaintext for a whole namespace',
    spec({
      target: { selector: undefined, namespace: 'data' },
      ports: [{ port: 1, name: 'a', peerAuth: 'Webhook' }],
    }),
    ['namespace-target-peer-auth spec.ports[0].peerAuth'],
  ],
  [
    'warns of plaintext',
    ports({ port: 1, name: 'a', peerAuth: 'Permissive' }),
    ['port-plaintext spec.ports[0].peerAuth (warning)'],
  ],
  [
    'refuses a port twice',
    ports({ port: 1, name: 'a' }, { port: 1, name: 'b' }),
    ['port-unique spec.ports[1].port'],
  ],
  [
    'accepts a port for both protocols',
    ports({ port: 53, name: 'a' }, { port: 53, name: 'b', protocol: 'UDP' }),
    [],
  ],
  [
    'refuses a name twice',
    ports({ port: 1, name: 'a' }, { port: 2, name: 'a' }),
    ['port-name-unique spec.ports[1].name'],
  ],
  [
    'refuses a name that begins with a digit',
    ports({ port: 1, name: '1a' }),
    ['port-name spec.ports[0].name'],
  ],
  [
    'refuses a name with capitals',
    ports({ port: 1, name: 'Http' }),
    ['port-name spec.ports[0].name'],
  ],
  ['accepts the bare wildcard as caller', spec({ allowedCallers: ['*'] }), []],
  [
    'accepts a wildcard within a namespace',
    spec({ allowedCallers: [{ name: '*', namespace: 'commerce' }] }),
    [],
  ],
  [
    'refuses a wildcard as namespace',
    spec({ allowedCallers: [{ name: 'a', namespace: '*' }] }),
    ['caller-form spec.allowedCallers[0]'],
  ],
  [
    'refuses a partial wildcard',
    spec({ dependencies: ['commerce/check*'] }),
    ['dependency-form spec.dependencies[0]'],
  ],
  [
    'warns of a member that calls itself',
    spec({ allowedCallers: ['redis'] }),
    ['self-reference spec.allowedCallers[0] (warning)'],
  ],
  ['accepts a host', egress({ fqdn: 'api.example.com' }), []],
  ['accepts a wildcard host', egress({ fqdn: '*.example.com' }), []],
  [
    'warns of every host',
    egress({ fqdn: '*' }),
    ['egress-wide spec.egress[0].target (warning)'],
  ],
  [
    'refuses a URL',
    egress({ fqdn: 'https://api.example.com' }),
    ['egress-target spec.egress[0].target.fqdn'],
  ],
  [
    'refuses an address as host',
    egress({ fqdn: '10.0.0.1' }),
    ['egress-target spec.egress[0].target.fqdn'],
  ],
  ['accepts IPv4', egress({ cidr: '10.0.0.0/8' }), []],
  ['accepts IPv6', egress({ cidr: 'fd00::/8' }), []],
  [
    'refuses an address without prefix',
    egress({ cidr: '10.0.0.1' }),
    ['egress-target spec.egress[0].target.cidr'],
  ],
  [
    'refuses a prefix that is too long',
    egress({ cidr: '10.0.0.0/33' }),
    ['egress-target spec.egress[0].target.cidr'],
  ],
  [
    'refuses octets above 255',
    egress({ cidr: '10.0.0.256/32' }),
    ['egress-target spec.egress[0].target.cidr'],
  ],
  [
    'refuses two gaps in IPv6',
    egress({ cidr: 'fd00::1::/64' }),
    ['egress-target spec.egress[0].target.cidr'],
  ],
  [
    'warns of every address',
    egress({ cidr: '0.0.0.0/0' }),
    ['egress-wide spec.egress[0].target (warning)'],
  ],
  ['accepts an entity', egress({ entity: 'kube-apiserver' }), []],
  [
    'warns of a wide entity',
    egress({ entity: 'world' }),
    ['egress-wide spec.egress[0].target (warning)'],
  ],
  [
    'refuses an unknown entity',
    egress({ entity: 'internet' }),
    ['egress-target spec.egress[0].target.entity'],
  ],
  [
    'warns of egress without ports',
    egress({ fqdn: 'api.example.com' }, []),
    ['egress-ports spec.egress[0].ports (warning)'],
  ],
  [
    'refuses an account that is no name',
    spec({ serviceAccount: 'A B' }),
    ['service-account-name spec.serviceAccount'],
  ],
];

describe('the golden table of members', () => {
  it.each(MEMBER_ROWS)('%s', (_, patch, expected) => {
    expect(lines(checkMember(aMember(patch), RULES))).toEqual(expected);
  });

  it('checks ports of members that no schema has read', () => {
    const member = aMember();
    const broken = {
      ...member,
      spec: { ...member.spec, ports: [{ ...member.spec.ports[0], port: 0 }] },
    };
    expect(lines(checkMember(broken, RULES))).toEqual([
      'port-range spec.ports[0].port',
    ]);
  });
});

describe('checkMember', () => {
  it('finds nothing wrong with the chapter, unchanged', () => {
    const result = parseMember(parse(CHAPTER_MEMBER, { version: '1.1' }));
    expect(result.ok && checkMember(result.value, RULES)).toEqual([]);
  });

  it('keeps messages fit for a list', () => {
    const all = MEMBER_ROWS.flatMap(([, patch]) =>
      checkMember(aMember(patch), RULES),
    );
    expect(unstyled(all)).toEqual([]);
  });

  it('leaves to the schema what the schema refuses', () => {
    const result = parseMember(
      aMemberManifest(ports({ port: 70000, name: 'a' })),
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        { path: 'spec.ports[0].port', message: 'must be at most 65535' },
      ],
    });
  });
});
