import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Draft, DraftEgress, DraftPort, DraftRef } from './Draft';
import { Random } from './Random';

type Json = Record<string, unknown>;

/** Writes a draft down as people do: in any of the public shapes, with defaults left out or spelled out. */
export function writeManifest(draft: Draft, random: Random): KubernetesObject {
  const { kind, namespace, name } = draft;
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind,
    metadata: {
      namespace,
      name,
      uid: `uid-${kind}-${namespace}-${name}`,
      generation: 1,
    },
    spec:
      kind === 'LatticeService'
        ? writeServiceSpec(draft)
        : writeMemberSpec(draft, random),
  };
}

function writeMemberSpec(draft: Draft, random: Random): Json {
  const spec: Json = {
    target: writeTarget(draft, random),
    ports: draft.ports.map(port => writePort(port, random)),
    allowedCallers: draft.callers.map(ref =>
      writeReference(ref, draft, random),
    ),
    dependencies: draft.dependencies.map(ref =>
      writeReference(ref, draft, random),
    ),
  };
  if (draft.egress.length > 0)
    spec.egress = draft.egress.map(rule => writeEgress(rule, random));
  for (const field of ['allowPeerTraffic', 'dependsAll'] as const)
    if (draft[field] || random.chance(0.2)) spec[field] = draft[field];
  if (!draft.ambient || random.chance(0.3)) spec.ambient = draft.ambient;
  if (draft.account) spec.serviceAccount = draft.account;
  return spec;
}

function writeTarget({ labels, wholeNamespace }: Draft, random: Random): Json {
  if (!labels) return { namespace: wholeNamespace };
  return {
    selector: random.chance(0.5) ? { matchLabels: { ...labels } } : labels,
  };
}

function writePort(port: DraftPort, random: Random): Json {
  const { protocol, peerAuth, servicePort } = port;
  return {
    port: port.port,
    name: `p${port.port}-${protocol.toLowerCase()}`,
    ...(servicePort === port.port ? {} : { servicePort }),
    ...(peerAuth === 'Strict' && random.chance(0.5) ? {} : { peerAuth }),
    ...(protocol === 'TCP' && random.chance(0.5) ? {} : { protocol }),
  };
}

function writeReference(
  { name, namespace }: DraftRef,
  { namespace: home }: Draft,
  random: Random,
): unknown {
  if (namespace === undefined) return random.pick(['*', { name }]);
  const isLocal = namespace === home && name !== '*';
  return random.pick<unknown>([
    { name, namespace },
    `${namespace}/${name}`,
    ...(isLocal ? [name, { name }] : []),
  ]);
}

function writeEgress(
  { target, ports, protocol }: DraftEgress,
  random: Random,
): Json {
  return {
    target,
    ports: ports.map(port => (random.chance(0.5) ? port : { port })),
    ...(protocol === 'TCP' && random.chance(0.5) ? {} : { protocol }),
  };
}

function writeServiceSpec(draft: Draft): Json {
  const resources: Record<string, Json> = {};
  const note = (
    refs: readonly DraftRef[],
    direction: 'inbound' | 'outbound',
  ) => {
    for (const { name, namespace } of refs) {
      const key = `${name === '*' ? 'anyone' : name}-in-${namespace ?? 'all'}`;
      const isThere = resources[key] !== undefined;
      resources[key] = {
        type: 'service',
        id: name,
        ...(namespace ? { namespace } : {}),
        direction: isThere ? 'both' : direction,
      };
    }
  };
  note([...new Map(draft.callers.map(distinct)).values()], 'inbound');
  note([...new Map(draft.dependencies.map(distinct)).values()], 'outbound');
  return {
    workload: {
      containers: { main: { image: 'registry.example.com/app:1' } },
      resources: {
        ...resources,
        cache: { type: 'secret', params: { keys: ['token'] } },
      },
      service: {
        ports: Object.fromEntries(
          draft.ports.map(({ port, servicePort, protocol }) => [
            `p${port}-${protocol.toLowerCase()}`,
            {
              port: servicePort,
              ...(port === servicePort ? {} : { targetPort: port }),
              ...(protocol === 'TCP' ? {} : { protocol: 'UDP' }),
            },
          ]),
        ),
      },
    },
  };
}

function distinct(ref: DraftRef): [string, DraftRef] {
  return [`${ref.namespace}/${ref.name}`, ref];
}
