import fc from 'fast-check';
import { ParseResult } from '../api/object';
import { parseMember } from '../api/parseMember';
import { parsePackage } from '../api/parsePackage';
import { parsePolicy } from '../api/parsePolicy';
import { parseSecretProvider } from '../api/parseSecretProvider';
import { parseService } from '../api/parseService';
import { checkLaw } from '../testing/__testUtils__/checkLaw';
import { RULES } from '../testing/manifests';
import { checkFleet } from './checkFleet';
import { checkMember } from './checkMember';
import { checkPackage } from './checkPackage';
import { checkPolicy } from './checkPolicy';
import { RULE_IDS } from './ruleIds';

/** Stands for whatever somebody put where it does not belong. */
const MARKER = 'hunter2';

const ugly = fc.constantFrom(
  MARKER,
  `oci://u:${MARKER}@registry.example.com/charts`,
  `https://${MARKER}.example.com/?token=${MARKER}`,
  `\${resources.creds.password} ${MARKER}`,
  `\${${MARKER}`,
  `sha256:${MARKER}`,
  `${MARKER}/${MARKER}`,
  `${MARKER}\n${MARKER}`,
  `${MARKER}.svc.cluster.local`,
  '',
  '*',
  'default',
  'all',
  'world',
  '0.0.0.0/0',
  '1h',
  '0s',
  '15008',
);

const KEYS = [
  'chart',
  'repo',
  'repository',
  'name',
  'version',
  'digest',
  'pullSecretRef',
  'values',
  '$secret',
  'resources',
  'creds',
  'type',
  'params',
  'provider',
  'keys',
  'id',
  'refreshInterval',
  'secretType',
  'targetNamespace',
  'dependsOn',
  'allowedDependents',
  'serviceAccountName',
  'timeout',
  'mesh',
  'selector',
  'matchLabels',
  'app',
  'ports',
  'port',
  'peerAuth',
  'protocol',
  'allowedCallers',
  'dependencies',
  'namespace',
  'egress',
  'target',
  'fqdn',
  'cidr',
  'entity',
  'serviceAccount',
  'ambient',
  'ingress',
  'advertise',
  'workload',
  'service',
  'direction',
  'policies',
  'enabled',
  'createNamespace',
  '__proto__',
  'constructor',
] as const;

/** Any JSON made of the names of fields that mean something here. */
const json = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    ugly,
    fc.constantFrom('secret', 'Strict', 'Permissive', 'UDP', 'both'),
    fc.constantFrom<unknown>(0, 1, 65535, 70000, -1, 1.5, true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** Specs that come close: the frame is right more often than not. */
const spec = fc.oneof(
  json,
  fc.record(
    {
      chart: fc.record({ name: ugly, version: ugly, repository: ugly }),
      values: fc.dictionary(fc.constantFrom('a', 'b'), json),
      resources: fc.dictionary(
        fc.constantFrom('creds', 'A b'),
        fc.record(
          { type: fc.constant('secret'), id: ugly, params: json },
          { requiredKeys: ['type'] },
        ),
      ),
      targetNamespace: ugly,
      dependsOn: fc.array(
        fc.oneof(ugly, fc.record({ name: ugly, namespace: ugly })),
      ),
      mesh: json,
      timeout: ugly,
    },
    { requiredKeys: ['chart'] },
  ),
  fc.record(
    {
      target: fc.oneof(
        fc.record({
          selector: fc.dictionary(
            fc.constantFrom('app', 'any:x', 'k8s.io/a'),
            ugly,
          ),
        }),
        fc.record({ namespace: ugly }),
      ),
      ports: fc.array(
        fc.record({
          port: fc.integer({ min: 1, max: 65535 }),
          name: ugly,
          protocol: fc.constantFrom('TCP', 'UDP'),
          peerAuth: fc.constantFrom('Strict', 'Permissive', 'Webhook'),
        }),
        { maxLength: 3 },
      ),
      allowedCallers: fc.array(ugly, { maxLength: 3 }),
      dependencies: fc.array(ugly, { maxLength: 3 }),
      egress: fc.array(
        fc.record({
          target: fc.oneof(
            fc.record({ fqdn: ugly }),
            fc.record({ cidr: ugly }),
            fc.record({ entity: ugly }),
          ),
          ports: fc.array(fc.integer({ min: 1, max: 65535 }), { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
      serviceAccount: ugly,
      ambient: fc.boolean(),
      advertise: json,
    },
    { requiredKeys: ['target'] },
  ),
);

const metadata = { name: 'redis', namespace: 'data' };

function said<T>(
  result: ParseResult<T>,
  check: (value: T) => readonly { rule: string }[],
): readonly unknown[] {
  if (!result.ok) {
    return result.problems;
  }
  const violations = check(result.value);
  const unknown = violations.filter(
    ({ rule }) => !(RULE_IDS as readonly string[]).includes(rule),
  );
  expect(unknown).toEqual([]);
  return violations;
}

function judge(manifest: object): unknown[] {
  const member = (result: ReturnType<typeof parseMember>) =>
    said(result, value => [
      ...checkMember(value, RULES),
      ...checkFleet({ packages: [], members: [value] }),
    ]);
  return [
    ...said(parsePackage(manifest), value => [
      ...checkPackage(value, RULES),
      ...checkFleet({ packages: [value], members: [] }),
    ]),
    ...member(parseMember(manifest)),
    ...member(parseService(manifest)),
    ...said(parsePolicy(manifest), value => checkPolicy(value, RULES)),
    ...said(parseSecretProvider(manifest), () => []),
  ];
}

/** Names of objects and namespaces are what these are about. */
const NAMES_OTHERS = [
  'dependency-missing',
  'dependency-cycle',
  'member-missing',
  'agreement-half',
];

function isAboutNames(one: unknown): boolean {
  return NAMES_OTHERS.includes((one as { rule?: string }).rule ?? '');
}

describe('whatever is declared', () => {
  it('is judged without throwing, and is not repeated', () => {
    checkLaw(
      'judging never throws and repeats nothing',
      fc.property(spec, written => {
        const findings = judge({ metadata, spec: written }).filter(
          one => !isAboutNames(one),
        );
        expect(JSON.stringify(findings)).not.toContain(MARKER);
      }),
      { cases: 3_000 },
    );
  });

  it('is judged alike twice', () => {
    checkLaw(
      'judging changes nothing',
      fc.property(spec, written => {
        const before = JSON.stringify(written);
        const first = JSON.stringify(judge({ metadata, spec: written }));
        expect(JSON.stringify(judge({ metadata, spec: written }))).toBe(first);
        expect(JSON.stringify(written)).toBe(before);
      }),
      { cases: 500 },
    );
  });

  it('is judged without throwing when even the frame is anything', () => {
    checkLaw(
      'judging never throws',
      fc.property(fc.anything(), json, (anything, value) => {
        judge({ metadata: anything, spec: value });
        judge({ metadata: value, spec: anything });
        judge(anything as object);
      }),
      { cases: 500 },
    );
  });
});
