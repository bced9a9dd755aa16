import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { anyPod, Draft, Json, labelsOf } from './oddDraft';

/** An AuthorizationPolicy. */
export function draftAuthorization(draft: Draft): KubernetesObject {
  const { random } = draft;
  const subject = anyPod(draft);
  const action = random.pick(['ALLOW', 'ALLOW', 'DENY']);
  const rules = Array.from({ length: random.int(1, 2) }, () =>
    draftRule(draft, action),
  );
  const namespace = random.chance(0.15)
    ? draft.rootNamespace
    : subject.namespace;
  const selector = random.pick<Json>([
    {},
    { selector: { matchLabels: labelsOf(subject) } },
    { selector: { matchLabels: labelsOf(subject) } },
    { selector: {} },
  ]);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'odd', namespace },
    spec: {
      ...selector,
      action,
      ...(action === 'DENY' || random.chance(0.85) ? { rules } : {}),
    },
  };
}

function draftRule(draft: Draft, action: string): Json {
  const { random } = draft;
  const pod = anyPod(draft);
  const principal = `${draft.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
  const source = random.pick<Json>([
    { principals: [principal] },
    { principals: [`*/sa/${pod.serviceAccount}`] },
    { principals: [`${draft.trustDomain}/ns/${pod.namespace}/*`] },
    { principals: ['*'] },
    {
      principals: [
        `cluster.local/ns/${pod.namespace}/sa/${pod.serviceAccount}`,
      ],
    },
    { notPrincipals: [principal] },
    { notPrincipals: ['*'] },
    { namespaces: [pod.namespace] },
    { notNamespaces: [pod.namespace, 'tools'] },
    { serviceAccounts: [`${pod.namespace}/${pod.serviceAccount}`] },
    { principals: [principal], notNamespaces: ['tools'] },
    { requestPrincipals: ['issuer/*'] },
  ]);
  const operation = random.pick<Json>([
    { ports: ['80'] },
    { ports: ['80', '8080'] },
    { notPorts: ['80'] },
    { methods: ['GET'], ports: ['80'] },
    { methods: ['GET'] },
  ]);
  const when = random.pick<Json>([
    { key: 'source.namespace', values: [pod.namespace] },
    { key: 'source.principal', notValues: [principal] },
    { key: 'destination.port', values: ['80', '514'] },
    { key: 'request.headers[x-team]', values: ['a'] },
  ]);
  const rule = {
    ...(random.chance(0.7) ? { from: [{ source }] } : {}),
    ...(random.chance(0.5) ? { to: [{ operation }] } : {}),
    ...(random.chance(0.2) ? { when: [when] } : {}),
  };
  return action === 'DENY' && Object.keys(rule).length === 0
    ? { to: [{ operation: { ports: ['9999'] } }] }
    : rule;
}

/** A PeerAuthentication. */
export function draftPeerAuthentication(draft: Draft): KubernetesObject {
  const { random } = draft;
  const subject = anyPod(draft);
  const mode = () => random.pick(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']);
  const isWorkload = random.chance(0.6);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'odd',
      namespace:
        !isWorkload && random.chance(0.4)
          ? draft.rootNamespace
          : subject.namespace,
      creationTimestamp: `2026-01-0${random.int(1, 9)}T00:00:0${random.int(
        0,
        9,
      )}Z`,
    },
    spec: {
      ...(random.chance(0.8) ? { mtls: { mode: mode() } } : {}),
      ...(isWorkload
        ? {
            selector: { matchLabels: labelsOf(subject) },
            ...(random.chance(0.6)
              ? {
                  portLevelMtls: {
                    80: { mode: mode() },
                    8080: { mode: mode() },
                  },
                }
              : {}),
          }
        : {}),
    },
  };
}
