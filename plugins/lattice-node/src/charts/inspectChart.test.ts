import { inspectChart } from './inspectChart';
import { ManifestError, parseManifest } from './parseManifest';

const REDIS = `
---
# Source: redis/templates/service.yaml
apiVersion: v1
kind: Service
metadata: {name: redis}
spec:
  selector: {app: redis}
  ports: [{name: redis, port: 6379, targetPort: redis}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: redis}
spec:
  template:
    metadata: {labels: {app: redis}}
    spec:
      serviceAccountName: redis
      containers:
        - image: redis:7
          ports: [{name: redis, containerPort: 6379}, {name: gossip, containerPort: 6380, protocol: UDP}]
---
---
apiVersion: v1
kind: Pod
metadata: {name: check, annotations: {helm.sh/hook: "test, post-install"}}
spec: {hostNetwork: true, containers: [{image: busybox}]}
`;

describe('inspectChart', () => {
  it('reads workloads with pod labels, ports and accounts', () => {
    const { workloads } = inspectChart(REDIS);
    expect(workloads[0]).toEqual({
      kind: 'StatefulSet',
      name: 'redis',
      labels: { app: 'redis' },
      ports: [
        { name: 'redis', port: 6379, protocol: 'TCP' },
        { name: 'gossip', port: 6380, protocol: 'UDP' },
      ],
      serviceAccount: 'redis',
      hostNetwork: false,
      leavesMesh: [],
    });
    expect(workloads[1]).toMatchObject({
      hostNetwork: true,
      serviceAccount: 'default',
    });
  });

  it('reads services, images, kinds, and keeps hooks apart', () => {
    const chart = inspectChart(REDIS);
    expect(chart.services).toEqual([
      {
        name: 'redis',
        selector: { app: 'redis' },
        ports: [
          { name: 'redis', port: 6379, protocol: 'TCP', targetPort: 'redis' },
        ],
      },
    ]);
    expect(chart.images).toEqual(['busybox', 'redis:7']);
    expect(chart.kinds).toEqual([
      'apps/v1/StatefulSet',
      'v1/Pod',
      'v1/Service',
    ]);
    expect(chart.objects.map(it => it.kind)).toEqual([
      'Service',
      'StatefulSet',
    ]);
    expect(chart.hooks).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        name: 'check',
        events: ['test', 'post-install'],
      },
    ]);
  });

  it.each([
    ['networking.k8s.io/v1', 'NetworkPolicy', true],
    ['networking.k8s.io/v1', 'Ingress', false],
    ['cilium.io/v2', 'CiliumNetworkPolicy', true],
    ['security.istio.io/v1', 'PeerAuthentication', true],
    ['networking.istio.io/v1', 'ServiceEntry', true],
    ['external-secrets.io/v1', 'ExternalSecret', true],
    ['generators.external-secrets.io/v1alpha1', 'Password', true],
    ['lattice.dev/v1alpha1', 'CedarPolicy', true],
    ['evilcilium.io/v2', 'Thing', false],
  ])('%s %s is a policy object: %s', (apiVersion, kind, expected) => {
    const chart = inspectChart(
      `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}}`,
    );
    expect(chart.policyObjects).toHaveLength(expected ? 1 : 0);
  });

  it('finds what hides in a List, cluster-scoped kinds, and labels that leave the mesh', () => {
    const chart = inspectChart(`
apiVersion: v1
kind: List
items:
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: wide}}
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: quiet}
    spec: {template: {metadata: {labels: {istio.io/dataplane-mode: none}}, spec: {containers: []}}}
`);
    expect(chart.clusterScoped.map(it => it.kind)).toEqual(['ClusterRole']);
    expect(chart.workloads[0].leavesMesh).toEqual([
      'istio.io/dataplane-mode=none',
    ]);
  });

  it('reads YAML as Helm does', () => {
    const [object] = parseManifest(
      'apiVersion: v1\nkind: Thing\nmetadata: {name: x}\nflag: yes\n',
    );
    expect(object.flag).toBe(true);
  });

  it('reads as a text what only looks like a number, as Helm does', () => {
    const [object] = parseManifest(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: e0, labels: {rev: E5}}\n',
    );
    expect(object.metadata).toEqual({ name: 'e0', labels: { rev: 'E5' } });
  });

  it('lets no object slip by because of its name', () => {
    const chart = inspectChart(
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: no}}\n---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy}',
    );
    expect(chart.policyObjects).toHaveLength(2);
  });

  it('takes the last of two equal keys, as Helm does', () => {
    const chart = inspectChart(
      'kind: ConfigMap\nkind: CiliumNetworkPolicy\napiVersion: cilium.io/v2\nmetadata: {name: x}\n',
    );
    expect(chart.policyObjects).toHaveLength(1);
  });

  it('refuses broken YAML without quoting it', () => {
    expect(() => inspectChart('kind: "s3cret\n  x: [')).toThrow(ManifestError);
    expect(() => inspectChart('kind: "s3cret\n  x: [')).not.toThrow(/s3cret/);
  });
});
