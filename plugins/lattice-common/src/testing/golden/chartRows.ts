import { Patch } from '../manifests';
import { Golden, Row } from './types';

const chart = (fields: Patch): Patch => ({ spec: { chart: fields } });
const repository = (text: string): Patch => chart({ repository: text });
const version = (text: string): Patch => chart({ version: text });
const SCHEME = ['repository-scheme spec.chart.repository'];
const FORM = ['repository-form spec.chart.repository'];
const NOT_ALLOWED = ['repository-allowed spec.chart.repository'];
const NOT_PINNED = ['version-pinned spec.chart.version'];
const NAME = ['chart-name spec.chart.name'];

const refused = (
  found: readonly string[],
  rows: readonly [string, Patch][],
): Row[] => rows.map(([sentence, patch]): Row => [sentence, patch, found]);

/** Which chart, from where. */
export const chartRows: Golden<
  | 'repository-scheme'
  | 'repository-form'
  | 'repository-allowed'
  | 'chart-name'
  | 'version-pinned'
  | 'digest-form'
  | 'secret-ref-name'
> = {
  'repository-scheme': {
    passes: [
      ['oci', {}],
      [
        'the scheme in capitals',
        repository('OCI://registry.example.com/charts'),
      ],
      [
        'https, of a host that is not allowed',
        repository('https://charts.example.com/stable'),
        NOT_ALLOWED,
      ],
    ],
    finds: [
      ...refused(SCHEME, [
        ['http', repository('http://registry.example.com/charts')],
        ['a file', repository('file:///etc/charts')],
        ['git', repository('git+https://registry.example.com/charts')],
        ['s3', repository('s3://charts')],
        ['data', repository('data://text/plain,x')],
        ['no scheme', repository('registry.example.com/charts')],
        ['no scheme but slashes', repository('//registry.example.com/charts')],
        ['one slash', repository('oci:/registry.example.com/charts')],
        ['an alias of the local Helm', repository('@stable/charts')],
        ['nothing', repository('')],
        ['a space first', repository(' oci://registry.example.com/charts')],
        ['a tab in the scheme', repository('o\tci://registry.example.com')],
        ['a line break', repository('oci://registry.example.com/charts\nx')],
      ]),
      [
        'http, named repo where the user wrote repo',
        chart({ repository: undefined, repo: 'http://x.example.com' }),
        ['repository-scheme spec.chart.repo'],
      ],
    ],
  },
  'repository-form': {
    passes: [
      ['a trailing slash', repository('oci://registry.example.com/charts/')],
      ['the default port', repository('oci://registry.example.com:443/charts')],
      [
        'dots, dashes, underscores and tildes in the path',
        repository('oci://registry.example.com/charts/a.b-c_d~e'),
      ],
      [
        'an address in its usual form, which is not allowed',
        repository('oci://10.0.0.7/charts'),
        NOT_ALLOWED,
      ],
      [
        'an IPv6 address, which is not allowed',
        repository('oci://[fd00::7]:5000/charts'),
        NOT_ALLOWED,
      ],
    ],
    finds: [
      ...refused(FORM, [
        [
          'a password',
          repository('oci://u:hunter2@registry.example.com/charts'),
        ],
        ['a user name', repository('oci://u@registry.example.com/charts')],
        [
          'an empty user name',
          repository('oci://@registry.example.com/charts'),
        ],
        [
          'an allowed host as user name of another',
          repository('oci://registry.example.com@evil.com/charts'),
        ],
        ['..', repository('oci://registry.example.com/charts/../evil')],
        ['.. at the end', repository('oci://registry.example.com/charts/..')],
        ['.', repository('oci://registry.example.com/./charts')],
        ['an encoded ..', repository('oci://registry.example.com/%2e%2e/evil')],
        ['an encoded slash', repository('oci://registry.example.com/a%2fb')],
        [
          'an encoded letter',
          repository('oci://registry.example.com/%63harts'),
        ],
        ['an empty part', repository('oci://registry.example.com//charts')],
        ['a backslash', repository('oci://registry.example.com\\@evil.com/x')],
        [
          'a backslash in the path',
          repository('oci://registry.example.com/a\\b'),
        ],
        ['a query', repository('oci://registry.example.com/charts?x=1')],
        ['a fragment', repository('oci://registry.example.com/charts#x')],
        ['a semicolon', repository('oci://registry.example.com/charts;x')],
        ['a space', repository('oci://registry.example.com/char ts')],
        ['an empty port', repository('oci://registry.example.com:/charts')],
        ['port 0', repository('oci://registry.example.com:0/charts')],
        [
          'a port above 65535',
          repository('oci://registry.example.com:65536/c'),
        ],
        ['a port with zeros', repository('oci://registry.example.com:00443/c')],
        ['a port with a sign', repository('oci://registry.example.com:+443/c')],
        ['two ports', repository('oci://registry.example.com:443:443/charts')],
        ['no host', repository('oci:///charts')],
        [
          'a dot after the host',
          repository('oci://registry.example.com./charts'),
        ],
        [
          'two dots in the host',
          repository('oci://registry..example.com/charts'),
        ],
        [
          'a Cyrillic letter',
          repository('oci://registry.ex\u0430mple.com/charts'),
        ],
        [
          'a full-width dot',
          repository('oci://registry\uff0eexample.com/charts'),
        ],
        [
          'an invisible space',
          repository('oci://registry\u200b.example.com/c'),
        ],
        ['a number for an address', repository('oci://2130706433/charts')],
        ['a hex number for an address', repository('oci://0x7f000001/charts')],
        ['a short address', repository('oci://127.1/charts')],
        ['an octal address', repository('oci://0177.0.0.1/charts')],
        ['brackets without an address', repository('oci://[registry]/charts')],
      ]),
      [
        'punycode, which reads like another host',
        repository('oci://xn--registry-5fg.example.com/charts'),
        [...FORM, ...NOT_ALLOWED],
      ],
    ],
  },
  'repository-allowed': {
    passes: [
      ['the entry itself', repository('oci://registry.example.com/charts')],
      ['a path below it', repository('oci://registry.example.com/charts/a/b')],
      ['the host in capitals', repository('oci://Registry.Example.COM/charts')],
    ],
    finds: refused(NOT_ALLOWED, [
      [
        'a path that begins alike',
        repository('oci://registry.example.com/charts-evil'),
      ],
      ['the path above', repository('oci://registry.example.com')],
      ['the path in capitals', repository('oci://registry.example.com/Charts')],
      [
        'a host that ends alike',
        repository('oci://evil-registry.example.com/charts'),
      ],
      [
        'a host that begins alike',
        repository('oci://registry.example.com.evil.com/charts'),
      ],
      ['a host above', repository('oci://example.com/charts')],
      ['another port', repository('oci://registry.example.com:8443/charts')],
      ['the other scheme', repository('https://registry.example.com/charts')],
    ]),
  },
  'chart-name': {
    passes: [
      [
        'dashes, dots and underscores',
        chart({ name: 'kube-state_metrics.v2' }),
      ],
      ['one letter', chart({ name: 'a' })],
    ],
    finds: refused(NAME, [
      ['a slash', chart({ name: 'a/b' })],
      ['..', chart({ name: 'a..b' })],
      ['.. alone', chart({ name: '..' })],
      ['an option', chart({ name: '--debug' })],
      ['a dash at the end', chart({ name: 'redis-' })],
      ['nothing', chart({ name: '' })],
      ['a space', chart({ name: 'my chart' })],
      ['a percent sign', chart({ name: 'a%2fb' })],
      ['an address', chart({ name: 'oci://x' })],
      ['a line break at the end', chart({ name: 'redis\n' })],
    ]),
  },
  'version-pinned': {
    passes: [
      ['three numbers', version('18.4.0')],
      ['zeros', version('0.0.0')],
      ['a leading v', version('v18.4.0')],
      ['pre-release and build', version('18.4.0-rc.1+build.5')],
      ['a build that begins with zero', version('18.4.0+001')],
    ],
    finds: refused(NOT_PINNED, [
      ['latest', version('latest')],
      ['nothing', version('')],
      ['a caret range', version('^18.4.0')],
      ['a tilde range', version('~18.4.0')],
      ['an x', version('18.4.x')],
      ['a star', version('*')],
      ['a comparison', version('>=18.4.0')],
      ['an equals sign', version('=18.4.0')],
      ['a span', version('18.4.0 - 18.5.0')],
      ['a choice', version('18.4.0 || 18.5.0')],
      ['two numbers', version('18.4')],
      ['one number', version('18')],
      ['four numbers', version('18.4.0.1')],
      ['a leading zero', version('18.04.0')],
      ['a leading zero in a pre-release', version('18.4.0-01')],
      ['an empty pre-release', version('18.4.0-')],
      ['a double v', version('vv18.4.0')],
      ['a capital V', version('V18.4.0')],
      ['a space first', version(' 18.4.0')],
      ['a space last', version('18.4.0 ')],
      ['a line break last', version('18.4.0\n')],
      ['a number beyond counting', version('99999999999999999999.0.0')],
      ['a digest', version(`sha256:${'a'.repeat(64)}`)],
    ]),
  },
  'digest-form': {
    passes: [['sha256', chart({ digest: `sha256:${'a'.repeat(64)}` })]],
    finds: refused(
      ['digest-form spec.chart.digest'],
      [
        ['a short one', chart({ digest: 'sha256:abc' })],
        ['another kind', chart({ digest: `md5:${'a'.repeat(64)}` })],
        ['capitals', chart({ digest: `sha256:${'A'.repeat(64)}` })],
        ['digits alone', chart({ digest: 'a'.repeat(64) })],
        ['nothing', chart({ digest: '' })],
      ],
    ),
  },
  'secret-ref-name': {
    passes: [
      [
        'names of Secrets',
        chart({ pullSecretRef: { name: 'pull' }, caSecretRef: { name: 'ca' } }),
      ],
    ],
    finds: [
      [
        'a path',
        chart({ pullSecretRef: { name: '../other/pull' } }),
        ['secret-ref-name spec.chart.pullSecretRef.name'],
      ],
      [
        'a credential in place of its name',
        chart({ caSecretRef: { name: 'user:hunter2' } }),
        ['secret-ref-name spec.chart.caSecretRef.name'],
      ],
    ],
  },
};
