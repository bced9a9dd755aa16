import { parse } from 'yaml';
import { parseTemplate } from '../values/references';
import {
  aMember,
  aMemberManifest,
  aPackage,
  aPackageManifest,
  Patch,
} from '../testing/manifests';
import { checkMember, checkPackage } from '../validation';
import { RULES } from '../testing/manifests';
import { locateFields } from './locateField';
import { parseMember } from './parseMember';
import { parsePackage } from './parsePackage';
import { writtenPath } from './writtenPaths';

/* The public shapes disagree; each row takes one disagreement and shows that all its forms are one model. */

type Form = readonly [name: string, patch: Patch];

const packageForms: readonly [row: string, forms: readonly Form[]][] = [
  [
    '1: chart.repo and chart.repository',
    [
      ['repository', { chart: { repository: 'oci://r.example.com/c' } }],
      [
        'repo',
        { chart: { repository: undefined, repo: 'oci://r.example.com/c' } },
      ],
      [
        'both, the same',
        {
          chart: {
            repository: 'oci://r.example.com/c',
            repo: 'oci://r.example.com/c',
          },
        },
      ],
    ],
  ],
  [
    '6: secret resources without id and provider',
    [
      [
        'short',
        { resources: { a: { type: 'secret', params: { keys: ['k'] } } } },
      ],
      [
        'with nulls',
        {
          resources: {
            a: {
              type: 'secret',
              id: null,
              params: { keys: ['k'], provider: null },
            },
          },
        },
      ],
    ],
  ],
  [
    '7: dependencies of packages',
    [
      ['objects', { dependsOn: [{ name: 'a', namespace: 'data' }] }],
      ['objects without namespace', { dependsOn: [{ name: 'a' }] }],
      ['names', { dependsOn: ['a'] }],
      ['namespace/name', { dependsOn: ['data/a'] }],
    ],
  ],
  [
    'crdPolicy.install and skipCrds',
    [
      ['crdPolicy', { crdPolicy: { install: 'Skip' } }],
      ['skipCrds', { skipCrds: true }],
      ['both, the same', { skipCrds: true, crdPolicy: { install: 'Skip' } }],
    ],
  ],
  [
    'the selector of a mesh block',
    [
      ['flat', { mesh: { selector: { app: 'a' } } }],
      ['matchLabels', { mesh: { selector: { matchLabels: { app: 'a' } } } }],
    ],
  ],
];

const memberForms: readonly [row: string, forms: readonly Form[]][] = [
  [
    '2: target.selector flat and under matchLabels',
    [
      ['flat', { target: { selector: { app: 'a' } } }],
      [
        'matchLabels',
        { target: { selector: { app: undefined, matchLabels: { app: 'a' } } } },
      ],
    ],
  ],
  [
    '3: egress ports',
    [
      ['numbers', { egress: [{ target: { fqdn: 'a.b' }, ports: [443] }] }],
      [
        'objects',
        { egress: [{ target: { fqdn: 'a.b' }, ports: [{ port: 443 }] }] },
      ],
      [
        'with the default protocol',
        {
          egress: [{ target: { fqdn: 'a.b' }, ports: [443], protocol: 'TCP' }],
        },
      ],
    ],
  ],
  [
    '4: callers and dependencies',
    [
      [
        'objects',
        {
          allowedCallers: [{ name: 'a', namespace: 'data' }],
          dependencies: [{ name: 'b', namespace: 'x' }],
        },
      ],
      [
        'objects, own namespace left out',
        {
          allowedCallers: [{ name: 'a' }],
          dependencies: [{ name: 'b', namespace: 'x' }],
        },
      ],
      ['names', { allowedCallers: ['a'], dependencies: ['x/b'] }],
    ],
  ],
  [
    '5: no ports',
    [
      ['an empty list', { ports: [] }],
      ['absent', { ports: undefined }],
      ['null', { ports: null }],
    ],
  ],
  [
    'ports with and without what is the default',
    [
      ['short', { ports: [{ port: 1, name: 'a' }] }],
      [
        'written out',
        {
          ports: [
            {
              port: 1,
              servicePort: 1,
              name: 'a',
              peerAuth: 'Strict',
              protocol: 'TCP',
            },
          ],
        },
      ],
    ],
  ],
];

function oneModel(models: readonly unknown[]): void {
  models.forEach(model => expect(model).toEqual(models[0]));
}

describe('the public shapes', () => {
  it.each(packageForms)('row %s', (_, forms) => {
    oneModel(forms.map(([, spec]) => aPackage({ spec }).spec));
  });

  it.each(memberForms)('row %s', (_, forms) => {
    oneModel(forms.map(([, spec]) => aMember({ spec }).spec));
  });

  it('row 8: references by resources and by secret', () => {
    oneModel([
      parseTemplate('${resources.db.pw}'),
      parseTemplate('${secret.db.pw}'),
    ]);
  });

  it.each<[string, Patch, string]>([
    [
      'two repositories',
      { chart: { repository: 'oci://a', repo: 'oci://b' } },
      'spec.chart.repo',
    ],
    [
      'two policies for CRDs',
      { skipCrds: true, crdPolicy: { install: 'Create' } },
      'spec.skipCrds',
    ],
  ])('refuse what contradicts itself: %s', (_, spec, path) => {
    const result = parsePackage(aPackageManifest({ spec }));
    expect(result.ok ? [] : result.problems.map(one => one.path)).toEqual([
      path,
    ]);
  });

  it('refuse labels beside matchLabels', () => {
    const result = parseMember(
      aMemberManifest({
        spec: { target: { selector: { matchLabels: { a: 'b' } } } },
      }),
    );
    expect(result.ok ? [] : result.problems.map(one => one.path)).toEqual([
      'spec.target.selector',
    ]);
  });
});

describe('row 9: what is wrong is named as the user wrote it', () => {
  it.each<[string, Patch, string]>([
    [
      'repo',
      { chart: { repository: undefined, repo: 'x' } },
      'spec.chart.repo',
    ],
    ['repository', { chart: { repository: 'x' } }, 'spec.chart.repository'],
    [
      'matchLabels of a block',
      { mesh: { selector: { matchLabels: { app: '-' } } } },
      'spec.mesh.selector.matchLabels.app',
    ],
    [
      'ports of a block',
      { mesh: { selector: { app: 'a' }, ports: [{ port: 1, name: 'A' }] } },
      'spec.mesh.ports[0].name',
    ],
  ])('%s', (_, spec, path) => {
    const paths = checkPackage(aPackage({ spec }), RULES).map(one => one.path);
    expect(paths).toEqual([path]);
  });

  it('and an account that was never written is that of the name', () => {
    const member = aMember();
    expect(writtenPath(member.writtenPaths, 'spec.serviceAccount')).toBe(
      'metadata.name',
    );
  });

  it('with line and column when it came from a file', () => {
    const text = [
      '# what data offers',
      'apiVersion: lattice.dev/v1alpha1',
      'kind: LatticeMeshMember',
      'metadata: { name: redis, namespace: data }',
      'spec:',
      '  target:',
      '    selector:',
      '      matchLabels:',
      '        app: "-"',
      '  ports:',
      '    - port: 6379',
      '      name: Redis',
    ].join('\n');
    const result = parseMember(parse(text, { version: '1.1' }));
    const violations = result.ok ? checkMember(result.value, RULES) : [];
    const { positionOf } = locateFields(text);
    expect(
      violations.map(({ path }) => ({ path, ...positionOf(path) })),
    ).toEqual([
      { path: 'spec.target.selector.matchLabels.app', line: 9, column: 9 },
      { path: 'spec.ports[0].name', line: 12, column: 7 },
    ]);
  });
});
