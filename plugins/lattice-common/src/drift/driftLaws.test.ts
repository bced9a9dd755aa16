import fc from 'fast-check';
import { parse } from 'yaml';
import { formatKey, JsonObject, JsonValue } from '../api/object';
import { checkLaw } from '../testing/__testUtils__/checkLaw';
import { checkMember } from '../validation/checkMember';
import { aRelease, declarationIn, REDIS } from './__testUtils__/worlds';
import { InspectedPort, InspectedWorkload } from './chartInspection';
import {
  applyMergePatch,
  compareCharts,
  DriftFinding,
  DriftWorld,
  findDrift,
  formatPatch,
  RunningPod,
  SuggestedPatch,
} from './index';

const RULES = {
  allowedRepositories: [],
  protectedNamespaces: [],
  platformObjects: [],
};

const portNumber = fc.constantFrom(53, 80, 6379, 9121, 15008);
const openPort: fc.Arbitrary<InspectedPort> = fc.record(
  {
    port: portNumber,
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    name: fc.constantFrom(
      'redis',
      'metrics',
      'Bad_Name',
      'a-name-that-is-long',
    ),
  },
  { requiredKeys: ['port', 'protocol'] },
);
const openPorts = fc.array(openPort, { maxLength: 4 });

const labels = fc
  .record(
    {
      app: fc.constantFrom('redis', 'web'),
      role: fc.constantFrom('main', 'replica'),
      'app.kubernetes.io/name': fc.constantFrom('redis', 'web'),
      'app.kubernetes.io/instance': fc.constantFrom('a', 'b'),
      'helm.sh/chart': fc.constantFrom('redis-1', 'redis-2'),
      'pod-template-hash': fc.constantFrom('x1', 'x2'),
    },
    { requiredKeys: [] },
  )
  .map(record => ({ ...record } as Record<string, string>));

const account = fc.constantFrom('redis', 'web', 'default', 'other');
const workloadName = fc.constantFrom('redis', 'web', 'cache');

const pod: fc.Arbitrary<RunningPod> = fc
  .record({
    labels,
    ports: openPorts,
    serviceAccount: account,
    hostNetwork: fc.boolean(),
    owner: workloadName,
    isOurs: fc.boolean(),
    name: fc.nat({ max: 50 }),
  })
  .map(({ owner, isOurs, name, ...rest }) => ({
    ...rest,
    namespace: 'data',
    name: `${owner}-${name}`,
    owner: { kind: 'Deployment', name: owner },
    ...(isOurs ? { package: { ...REDIS, name: owner } } : {}),
  }));

const workload: fc.Arbitrary<InspectedWorkload> = fc.record({
  kind: fc.constant('Deployment'),
  name: workloadName,
  labels,
  ports: openPorts,
  serviceAccount: account,
  hostNetwork: fc.boolean(),
  leavesMesh: fc.constant([]),
});
const workloads = fc.uniqueArray(workload, {
  selector: ({ name }) => name,
  maxLength: 3,
});

const declaredPorts = fc.uniqueArray(
  fc.record(
    {
      port: portNumber,
      name: fc.constantFrom('redis', 'metrics', 'port-9121', 'x'),
      protocol: fc.constantFrom('TCP', 'UDP'),
      peerAuth: fc.constantFrom('Strict', 'Permissive'),
    },
    { requiredKeys: ['port', 'name'] },
  ),
  { selector: ({ name }) => name, maxLength: 3 },
);
const selector = fc
  .record(
    {
      app: fc.constantFrom('redis', 'web'),
      role: fc.constantFrom('main', 'replica'),
      'app.kubernetes.io/name': fc.constantFrom('redis', 'web'),
    },
    { requiredKeys: [] },
  )
  .filter(record => Object.keys(record).length > 0);

/** Declarations in every shape in which they can be written. */
const manifest = fc
  .record({
    shape: fc.constantFrom('flat', 'nested', 'whole', 'package', 'service'),
    name: workloadName,
    selector,
    ports: declaredPorts,
    allowedCallers: fc.constantFrom([], ['commerce/checkout'], ['*']),
    serviceAccount: fc.option(account, { nil: undefined }),
    ambient: fc.boolean(),
    isNested: fc.boolean(),
  })
  .map((one): JsonObject => {
    const head = { apiVersion: 'lattice.dev/v1alpha1' };
    const metadata = { namespace: 'data', name: one.name };
    const chosen = { ...one.selector } as JsonObject;
    const written: JsonObject = one.isNested ? { matchLabels: chosen } : chosen;
    const ports = one.ports.map(port => ({ ...port } as JsonObject));
    switch (one.shape) {
      case 'package':
        return {
          ...head,
          kind: 'LatticePackage',
          metadata,
          spec: {
            chart: { repository: 'oci://a/b', name: 'c', version: '1.0.0' },
            mesh: { selector: written, ports },
          },
        };
      case 'service':
        return {
          ...head,
          kind: 'LatticeService',
          metadata,
          spec: {
            workload: {
              service: {
                ports: Object.fromEntries(
                  ports.map(({ name, port }) => [String(name), { port }]),
                ),
              },
            },
          },
        };
      default:
        return {
          ...head,
          kind: 'LatticeMeshMember',
          metadata,
          spec: {
            target:
              one.shape === 'whole'
                ? { namespace: 'data' }
                : { selector: written },
            ports,
            allowedCallers: [...one.allowedCallers],
            ambient: one.ambient,
            ...(one.serviceAccount === undefined
              ? {}
              : { serviceAccount: one.serviceAccount }),
          },
        };
    }
  });
const manifests = fc.uniqueArray(manifest, {
  selector: one => (one.metadata as { name: string }).name,
  maxLength: 3,
});

function keyOf({ kind, metadata }: JsonObject): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `${String(kind)} ${formatKey({ namespace, name })}`;
}

/** The manifests after a patch, applied as `kubectl` would from its YAML. */
function patched(
  before: readonly JsonObject[],
  patch: SuggestedPatch,
): JsonObject[] {
  const merge = parse(formatPatch(patch)) as JsonValue;
  const at = keyOf({
    kind: patch.object.kind,
    metadata: { namespace: patch.object.namespace, name: patch.object.name },
  });
  if (patch.creates) {
    expect(before.map(keyOf)).not.toContain(at);
    return [...before, merge as JsonObject];
  }
  expect(before.map(keyOf)).toContain(at);
  return before.map(one =>
    keyOf(one) === at ? (applyMergePatch(one, merge) as JsonObject) : one,
  );
}

function errorsIn(some: readonly JsonObject[]): string[] {
  return some.flatMap(one =>
    checkMember(declarationIn(one), RULES)
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, path }) => `${keyOf(one)} ${rule} ${path}`),
  );
}

/** Who may call, and the ports that are open to more than mTLS. */
function openings(some: readonly JsonObject[]): string[] {
  return some.flatMap(one => {
    const { kind, metadata, spec } = declarationIn(one);
    const at = `${kind} ${formatKey(metadata)}`;
    return [
      ...spec.allowedCallers.map(
        ({ namespace, name }) => `${at} caller ${String(namespace)}/${name}`,
      ),
      ...(spec.allowPeerTraffic ? [`${at} peers`] : []),
      ...(spec.dependsAll ? [`${at} all`] : []),
      ...spec.ports
        .filter(({ peerAuth }) => peerAuth !== 'Strict')
        .map(({ port, protocol, peerAuth }) =>
          [at, port, protocol, peerAuth].join(' '),
        ),
    ];
  });
}

/** Applies each patch on its own and looks again. */
function expectPatchesToHelp(
  before: readonly JsonObject[],
  find: (some: readonly JsonObject[]) => readonly DriftFinding[],
): number {
  const patches = find(before).filter(({ patch }) => patch);
  for (const { id, patch } of patches) {
    const after = patched(before, patch!);
    const former = new Set(errorsIn(before));
    expect(errorsIn(after).filter(error => !former.has(error))).toEqual([]);
    expect(find(after).map(one => one.id)).not.toContain(id);
    expect(openings(before)).toEqual(expect.arrayContaining(openings(after)));
  }
  return patches.length;
}

describe('suggested patches', () => {
  it('make their finding vanish, break no rule, and let nobody in who was not let in before', () => {
    let tried = 0;
    checkLaw(
      'a patch mends what it is suggested for',
      fc.property(
        manifests,
        fc.array(pod, { maxLength: 5 }),
        fc.option(workloads),
        (declared, pods, rendered) => {
          const world = (some: readonly JsonObject[]): DriftWorld => ({
            members: some.map(declarationIn),
            pods,
            ...(rendered ? { releases: [aRelease(rendered)] } : {}),
          });
          tried += expectPatchesToHelp(declared, some =>
            findDrift(world(some)),
          );
        },
      ),
      { cases: 400 },
    );
    process.stdout.write(`patches applied: ${tried}\n`);
    expect(tried).toBeGreaterThan(100);
  });

  it('do so between two versions of a chart', () => {
    let tried = 0;
    checkLaw(
      'a patch mends what an upgrade would break',
      fc.property(
        manifests,
        workloads,
        workloads,
        fc.array(pod, { maxLength: 2 }),
        (declared, before, after, pods) => {
          tried += expectPatchesToHelp(
            declared,
            some =>
              compareCharts({
                before: aRelease(before),
                after: aRelease(after),
                world: { members: some.map(declarationIn), pods },
              }).findings,
          );
        },
      ),
      { cases: 400 },
    );
    process.stdout.write(`patches applied: ${tried}\n`);
    expect(tried).toBeGreaterThan(100);
  });
});

describe('findDrift', () => {
  it('does not depend on the order of what it is given', () => {
    checkLaw(
      'equal worlds give equal findings',
      fc.property(
        manifests,
        fc.array(pod, { maxLength: 5 }),
        (declared, pods) => {
          const members = declared.map(declarationIn);
          const idsOf = (world: DriftWorld) =>
            findDrift(world).map(({ id, severity, pods: shown }) => [
              id,
              severity,
              shown,
            ]);
          expect(
            idsOf({
              members: [...members].reverse(),
              pods: [...pods].reverse(),
            }),
          ).toEqual(idsOf({ members, pods }));
        },
      ),
      { cases: 500 },
    );
  });
});
