import { z } from 'zod/v4';
import { PathSegment } from './fieldPath';
import { isRecord } from './json';
import {
  EgressRule,
  LatticeMember,
  MemberPort,
  MemberSpec,
  MemberTarget,
} from './memberModel';
import { ParseResult } from './object';
import { Problems } from './problems';
import { parsed, readFrame } from './readObject';
import { readReferences } from './readReferences';
import { readMemberStatus } from './readStatus';
import {
  egressRuleSchema,
  memberPortSchema,
  memberSpecSchema,
} from './schemas/memberSchema';
import { WrittenPaths } from './writtenPaths';

type WrittenSpec = z.output<typeof memberSpecSchema>;
type WrittenTarget = WrittenSpec['target'];

/** Where the labels of a selector stand: flat, or under `matchLabels`. */
export function readSelector(
  written: Record<string, unknown>,
  path: readonly PathSegment[],
  to: Problems,
): { labels: Record<string, string>; path: readonly PathSegment[] } {
  const nested = isRecord(written.matchLabels);
  const labels = nested
    ? (written.matchLabels as Record<string, unknown>)
    : written;
  const at = nested ? [...path, 'matchLabels'] : path;
  if (nested && Object.keys(written).length > 1) {
    to.add(path, 'must hold matchLabels alone, or labels alone');
  }
  const read: [string, string][] = [];
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value === 'string') {
      read.push([key, value]);
    } else {
      to.add([...at, key], 'must be a string; put it in quotes');
    }
  }
  return { labels: Object.fromEntries(read), path: at };
}

function readTarget(
  written: WrittenTarget,
  to: Problems,
): { target: MemberTarget; paths: WrittenPaths } {
  const path = ['spec', 'target'];
  const { selector, namespace } = written;
  if ((selector === undefined) === (namespace === undefined)) {
    to.add(path, 'must set exactly one of selector and namespace');
  }
  if (namespace !== undefined) {
    return { target: { namespace }, paths: {} };
  }
  const read = readSelector(selector ?? {}, [...path, 'selector'], to);
  return {
    target: { selector: read.labels },
    paths:
      read.path.length > 3
        ? { 'spec.target.selector': 'spec.target.selector.matchLabels' }
        : {},
  };
}

function readPort(written: z.output<typeof memberPortSchema>): MemberPort {
  return {
    port: written.port,
    servicePort: written.servicePort ?? written.port,
    name: written.name,
    peerAuth: written.peerAuth ?? 'Strict',
    protocol: written.protocol ?? 'TCP',
  };
}

function readEgress(
  written: z.output<typeof egressRuleSchema>,
  path: readonly PathSegment[],
  to: Problems,
): EgressRule {
  const { entity, cidr, fqdn } = written.target;
  const given = [entity, cidr, fqdn].filter(one => one !== undefined);
  if (given.length !== 1) {
    to.add(
      [...path, 'target'],
      'must set exactly one of entity, cidr and fqdn',
    );
  }
  let target: EgressRule['target'] = { fqdn: fqdn ?? '' };
  if (entity !== undefined) {
    target = { entity };
  } else if (cidr !== undefined) {
    target = { cidr };
  }
  return {
    target,
    ports: (written.ports ?? []).map(port =>
      typeof port === 'number' ? port : port.port,
    ),
    protocol: written.protocol ?? 'TCP',
  };
}

function readSpec(
  written: WrittenSpec,
  home: { namespace: string; name: string },
  to: Problems,
): { spec: MemberSpec; paths: WrittenPaths } {
  const references = (field: 'allowedCallers' | 'dependencies') =>
    readReferences(written[field], {
      home: home.namespace,
      wildcard: true,
      path: ['spec', field],
      to,
    });
  const { target, paths } = readTarget(written.target, to);
  const spec: MemberSpec = {
    target,
    ports: (written.ports ?? []).map(readPort),
    allowedCallers: references('allowedCallers'),
    dependencies: references('dependencies'),
    egress: (written.egress ?? []).map((rule, index) =>
      readEgress(rule, ['spec', 'egress', index], to),
    ),
    allowPeerTraffic: written.allowPeerTraffic ?? false,
    dependsAll: written.dependsAll ?? false,
    serviceAccount: written.serviceAccount ?? home.name,
    ambient: written.ambient ?? true,
  };
  return {
    spec,
    paths:
      written.serviceAccount === undefined
        ? { ...paths, 'spec.serviceAccount': 'metadata.name' }
        : paths,
  };
}

/** Parts of the reference that Lattice keeps and does not act on. */
function unsupportedFields(written: WrittenSpec): readonly string[] {
  return (['ingress', 'advertise'] as const)
    .filter(field => written[field] !== undefined)
    .map(field => `spec.${field}`);
}

/**
 * Reads a LatticeMeshMember in any of its public shapes. Never throws; problems name the field as it was
 * written and hold no value.
 */
export function parseMember(raw: unknown): ParseResult<LatticeMember> {
  const to = new Problems();
  const frame = readFrame(raw, 'LatticeMeshMember', to);
  const written = frame && to.read(memberSpecSchema, frame.spec, ['spec']);
  if (!frame || !written) {
    return parsed<LatticeMember>(undefined, to);
  }
  const { spec, paths } = readSpec(written, frame.metadata, to);
  return parsed<LatticeMember>(
    {
      kind: 'LatticeMeshMember',
      metadata: frame.metadata,
      spec,
      status: readMemberStatus(frame.status),
      writtenPaths: paths,
      unsupportedFields: unsupportedFields(written),
    },
    to,
  );
}
