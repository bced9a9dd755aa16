import {
  AgreementEdge,
  ANNOTATION_SOURCE,
  Condition,
  EdgeView,
  KubernetesObject,
  LatticeMember,
  MemberDetail,
  MemberSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { stringify } from 'yaml';
import { countEdges, edgeViews } from './edgeViews';
import { MemberRecord } from './FleetRecord';
import { FarSides, hideFarSides } from './hideFarSides';
import { describeProblems, isBehind } from './packageViews';

const NOT_OURS =
  'Another controller owns this object; its agreements are read from the declarations.';

const SHORTENED_NOTE = '# Peers that you may not read are shortened.\n';

/** What is known about the agreements of one member. */
export interface AgreementContext {
  readonly edges: readonly AgreementEdge[];
  /** Whether every declaration of the cluster has been read. */
  readonly isComplete: boolean;
}

/** The row of a member in a list. A member that cannot be read is a row as well: it has failed, and why. */
export function memberSummary(
  record: MemberRecord,
  context: AgreementContext,
): MemberSummary {
  return summaryWith(record, edgesOf(record, context));
}

/** The whole picture of a member. */
export function memberDetail(
  record: MemberRecord,
  context: AgreementContext & {
    policies: readonly KubernetesObject[];
    /** What the caller may not read of the peers; absent = everything may be read. */
    farSides?: FarSides;
  },
): MemberDetail {
  const edges = edgesOf(record, context);
  const source = record.object.metadata.annotations?.[ANNOTATION_SOURCE];
  const shared = {
    ...summaryWith(record, edges),
    edges,
    policies: context.policies.map(policy =>
      policyView(policy, context.farSides),
    ),
    ...(source !== undefined && { source }),
  };
  if (!record.parsed.ok) {
    return {
      ...shared,
      target: { selector: {} },
      serviceAccount: '',
      conditions: [],
    };
  }
  const member = record.parsed.value;
  return {
    ...shared,
    target: member.spec.target,
    serviceAccount: member.spec.serviceAccount,
    conditions: member.status.conditions,
  };
}

function edgesOf(record: MemberRecord, context: AgreementContext): EdgeView[] {
  return record.parsed.ok ? edgeViews(record.parsed.value, context) : [];
}

function summaryWith(
  record: MemberRecord,
  edges: readonly EdgeView[],
): MemberSummary {
  const { cluster, namespace, name, kind, owner } = record;
  const identity = {
    cluster,
    namespace,
    name,
    kind,
    ...(owner !== undefined && { owner }),
    ...countEdges(edges),
  };
  if (!record.parsed.ok) {
    return {
      ...identity,
      phase: 'Failed',
      message: describeProblems(record.parsed.problems),
      ambient: false,
      ports: [],
    };
  }
  const member = record.parsed.value;
  const message = memberMessage(member);
  return {
    ...identity,
    phase: memberPhase(member),
    ...(message !== undefined && { message }),
    ambient: member.spec.ambient,
    ports: member.spec.ports,
  };
}

function memberPhase(member: LatticeMember): string {
  if (member.metadata.deletionTimestamp !== undefined) {
    return 'Deleting';
  }
  const { phase } = member.status;
  if (phase === undefined) {
    return 'Pending';
  }
  return phase === 'Ready' && isBehind(member) ? 'Progressing' : phase;
}

function memberMessage(member: LatticeMember): string | undefined {
  const { conditions } = member.status;
  if (conditions.length === 0) {
    return member.kind === 'LatticeService' ? NOT_OURS : undefined;
  }
  const failing = conditions.find(
    ({ type, status }) => type !== 'Ready' && status === 'False',
  );
  const ready: Condition | undefined = conditions.find(
    ({ type }) => type === 'Ready',
  );
  return (failing ?? ready)?.message;
}

/** What the policy says, without what only the API server needs and without what belongs to others. */
function policyView(
  policy: KubernetesObject,
  farSides: FarSides | undefined,
): MemberDetail['policies'][number] {
  const shown = hideFarSides(policy, farSides);
  const { name, namespace, labels, annotations } = shown.metadata;
  const { apiVersion, kind, spec, specs } = shown;
  const note =
    JSON.stringify(spec) === JSON.stringify(policy.spec) ? '' : SHORTENED_NOTE;
  const text = stringify(
    {
      apiVersion,
      kind,
      metadata: { name, namespace, labels, annotations },
      spec,
      specs,
    },
    // What is shown may be applied, and Kubernetes reads YAML 1.1.
    { version: '1.1' },
  );
  return { kind, name, yaml: `${note}${text}` };
}
