import { mockServices } from '@backstage/backend-test-utils';
import {
  KubernetesObject,
  ObjectKey,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { inspectChart } from '@lattice-portal/backstage-plugin-lattice-node';
import { PolicyStore } from '../cedar';
import { admissionGate } from './admissionGate';
import { dependenciesGate, dependentsOf, packageLookup } from './dependencies';
import { isMeshEnrolled } from './meshEnrolment';
import {
  inventoryEntries,
  inventoryOf,
  readInventoryEntry,
  resourceKindOf,
} from './releaseInventory';
import { scanGate } from './scanGate';

function aManifest(
  name: string,
  spec: object = {},
  change: { namespace?: string; status?: object } = {},
): KubernetesObject {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name, namespace: change.namespace ?? 'data', generation: 1 },
    spec: {
      chart: { repo: 'oci://r.example.com/c', name, version: '1.0.0' },
      ...spec,
    },
    status: change.status,
  };
}

function aPackage(...args: Parameters<typeof aManifest>) {
  const parsed = parsePackage(aManifest(...args));
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.value;
}

const ready = {
  status: {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True' }],
  },
};

describe('scanGate', () => {
  let stores = 0;
  const cedar = (...policies: string[]) => {
    stores += 1;
    return new PolicyStore({
      cluster: `scan-${stores}`,
      namespace: 'lattice-system',
      configured: policies.map((policy, index) => ({ id: `${index}`, policy })),
      logger: mockServices.logger.mock(),
    });
  };
  const scan = (manifest: string, policies: string[], bringsCrds = false) =>
    scanGate(
      {
        pkg: { namespace: 'data', name: 'redis' },
        targetNamespace: 'data',
        inspection: inspectChart(manifest),
        bringsCrds,
      },
      cedar(...policies),
    );
  const object = (apiVersion: string, kind: string, rest = '') =>
    `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x${rest}}}`;

  it.each([
    ['a plain chart', object('v1', 'Service'), true],
    ['a policy', object('networking.k8s.io/v1', 'NetworkPolicy'), false],
    [
      'an ExternalSecret',
      object('external-secrets.io/v1', 'ExternalSecret'),
      false,
    ],
    [
      'a ClusterRole',
      object('rbac.authorization.k8s.io/v1', 'ClusterRole'),
      false,
    ],
    [
      'another namespace',
      object('v1', 'Secret', ', namespace: kube-system'),
      false,
    ],
    [
      'a policy in a hook',
      object(
        'cilium.io/v2',
        'CiliumNetworkPolicy',
        ', annotations: {helm.sh/hook: pre-install}',
      ),
      false,
    ],
    [
      'the network of the node',
      '{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {hostNetwork: true}}',
      false,
    ],
  ])('%s: %s', (_, manifest, isOpen) => {
    expect(scan(manifest, []).isOpen).toBe(isOpen);
  });

  it('opens for what Cedar permits by name, and for nothing else', () => {
    const permit =
      'permit(principal == Lattice::Service::"data/redis", action == Lattice::Action::"InstallPolicyObjects", resource == Lattice::Kind::"networking.k8s.io/NetworkPolicy");';
    expect(
      scan(object('networking.k8s.io/v1', 'NetworkPolicy'), [permit]).isOpen,
    ).toBe(true);
    expect(
      scan(object('cilium.io/v2', 'CiliumNetworkPolicy'), [permit]).isOpen,
    ).toBe(false);
  });

  it('names the value to set', () => {
    expect(
      scan(object('networking.k8s.io/v1', 'NetworkPolicy'), []).message,
    ).toMatch(/NetworkPolicy x.*networkPolicy\.enabled: false/);
    expect(scan('', [], true).message).toMatch(/crdPolicy/);
  });
});

describe('dependenciesGate', () => {
  const gate = (
    pkg: ReturnType<typeof aPackage>,
    ...others: KubernetesObject[]
  ) =>
    dependenciesGate(
      pkg,
      packageLookup((key: ObjectKey) =>
        others.find(
          it =>
            it.metadata.name === key.name &&
            it.metadata.namespace === key.namespace,
        ),
      ),
    ).reason;
  const app = aPackage('app', { dependsOn: [{ name: 'redis' }] });

  it.each([
    ['a missing one', [], 'DependencyNotFound'],
    ['one that is not ready', [aManifest('redis')], 'DependencyNotReady'],
    [
      'one that was ready before its change',
      [
        aManifest(
          'redis',
          {},
          { status: { ...ready.status, observedGeneration: 0 } },
        ),
      ],
      'DependencyNotReady',
    ],
    ['one that is ready', [aManifest('redis', {}, ready)], 'AllReady'],
    [
      'one that depends back',
      [aManifest('redis', { dependsOn: [{ name: 'app' }] }, ready)],
      'DependencyCycle',
    ],
  ])('%s', (_, others, reason) => {
    expect(gate(app, ...others)).toBe(reason);
  });

  it('does not tell whether a package of another team exists', () => {
    const far = aPackage('app', {
      dependsOn: [{ name: 'redis', namespace: 'other' }],
    });
    const closed = aManifest('redis', {}, { namespace: 'other', ...ready });
    const opened = aManifest(
      'redis',
      { allowedDependents: [{ name: 'app', namespace: 'data' }] },
      { namespace: 'other', ...ready },
    );
    const of = (...others: KubernetesObject[]) =>
      dependenciesGate(
        far,
        packageLookup(() => others[0]),
      ).message;
    expect(of(closed)).toBe(of());
    expect(gate(far, opened)).toBe('AllReady');
  });

  it('lets go first what depends on it, within reason', () => {
    const redis = aPackage('redis');
    const foreign = aPackage(
      'spy',
      { dependsOn: [{ name: 'redis', namespace: 'data' }] },
      { namespace: 'other' },
    );
    const names = (isTerminating: boolean) =>
      dependentsOf(redis, [redis, app, foreign], () => isTerminating).map(
        it => it.name,
      );
    expect(names(false)).toEqual(['app']);
    expect(names(true)).toEqual([]);
  });
});

describe('admissionGate', () => {
  const rules = {
    allowedRepositories: ['oci://r.example.com/c'],
    protectedNamespaces: ['kube-system'],
    platformObjects: [],
  };
  const namespace = (enrolled?: string) => (): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'data',
      labels: enrolled ? { 'portal.lattice.dev/enrolled': enrolled } : {},
    },
  });
  it.each([
    ['an enrolled namespace', 'true', 'Valid'],
    ['one that was taken out', 'false', 'NamespaceNotEnrolled'],
    ['one that never took part', undefined, 'NamespaceNotEnrolled'],
  ])('%s', (_, enrolled, reason) => {
    expect(
      admissionGate(aPackage('redis'), rules, namespace(enrolled)).reason,
    ).toBe(reason);
  });
  it('repeats the rules of admission', () => {
    const floating = aPackage('redis', {
      chart: {
        repo: 'oci://r.example.com/c',
        name: 'redis',
        version: 'latest',
      },
    });
    expect(admissionGate(floating, rules, namespace('true')).reason).toBe(
      'InvalidSpec',
    );
  });
});

describe('isMeshEnrolled', () => {
  const member = (name: string, target: object, where = 'data') => ({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { name, namespace: where },
    spec: { target, ports: [] },
  });
  it.each([
    [
      'by the pods it selects',
      member('x', { selector: { app: 'redis' } }),
      true,
    ],
    ['by its name', member('redis', { selector: { a: 'b' } }), true],
    ['by the namespace', member('x', { namespace: 'data' }), true],
    ['not by other pods', member('x', { selector: { app: 'other' } }), false],
    [
      'not from elsewhere',
      member('redis', { selector: { app: 'redis' } }, 'other'),
      false,
    ],
  ])('%s', (_, object, expected) => {
    expect(
      isMeshEnrolled(
        { namespace: 'data', name: 'redis' },
        [object],
        [{ app: 'redis', more: '1' }],
      ),
    ).toBe(expected);
  });
});

describe('the inventory', () => {
  const manifest = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "a_b:c"}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, annotations: {helm.sh/resource-policy: keep}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: t, annotations: {helm.sh/hook: test}}}
`;
  it('goes into status and back, hooks left out', () => {
    const objects = inventoryOf(manifest, 'data');
    const back = inventoryEntries(objects).map(readInventoryEntry);
    expect(back).toHaveLength(3);
    expect(back).toEqual(
      expect.arrayContaining(objects.map(it => ({ ...it, isKept: false }))),
    );
    expect(objects.map(it => it.isKept)).toEqual([false, false, true]);
  });
  it('knows how to ask for kinds that it does not know', () => {
    expect(
      inventoryOf(manifest, 'data').map(it => resourceKindOf(it).plural),
    ).toEqual(['deployments', 'clusterroles', 'networkpolicies']);
  });
});
