import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { anyPod, Draft, Json, labelsOf } from './oddDraft';

/** A NetworkPolicy, as charts bring them. */
export function draftNetworkPolicy(draft: Draft): KubernetesObject {
  const { random } = draft;
  const subject = anyPod(draft);
  const peer = () => {
    const pod = anyPod(draft);
    const spaces = {
      matchLabels: { 'kubernetes.io/metadata.name': pod.namespace },
    };
    return random.pick<Json>([
      { podSelector: {} },
      { podSelector: { matchLabels: labelsOf(pod) } },
      { namespaceSelector: {} },
      { namespaceSelector: spaces },
      {
        namespaceSelector: spaces,
        podSelector: { matchLabels: labelsOf(pod) },
      },
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }],
        },
      },
      { ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] } },
      { ipBlock: { cidr: '203.0.113.0/24' } },
    ]);
  };
  const ports = () =>
    random.chance(0.5)
      ? {
          ports: [
            random.pick<Json>([
              { port: 80 },
              { port: 514, protocol: 'UDP' },
              { protocol: 'TCP' },
              { port: 80, endPort: 9000 },
              { port: 'named' },
              { port: 15008, protocol: 'TCP' },
            ]),
          ],
        }
      : {};
  const rules = (field: 'from' | 'to') =>
    random.pick<() => Json[]>([
      () => [],
      () => [{}],
      () => [{ [field]: [peer()], ...ports() }],
      () => [{ [field]: [peer(), peer()], ...ports() }, ports()],
      () => [{ [field]: [], ...ports() }],
    ])();
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'odd', namespace: subject.namespace },
    spec: {
      podSelector: random.pick<Json>([
        {},
        { matchLabels: labelsOf(subject) },
        {
          matchExpressions: [
            { key: 'app', operator: 'NotIn', values: ['redis'] },
          ],
        },
      ]),
      ...random.pick<Json>([
        {},
        { policyTypes: ['Ingress'] },
        { policyTypes: ['Egress'] },
        { policyTypes: ['Ingress', 'Egress'] },
      ]),
      ...(random.chance(0.7) ? { ingress: rules('from') } : {}),
      ...(random.chance(0.5) ? { egress: rules('to') } : {}),
    },
  };
}
