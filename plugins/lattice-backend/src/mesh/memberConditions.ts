import {
  AgreementEdge,
  formatKey,
  LatticeMember,
  MemberConditions,
  MemberReasons,
  NextCondition,
  ObjectKey,
  PolicyGap,
  unmatchedDependencyMessage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { IdentityConflict } from './identityConflicts';
import { isOutgrown } from './outgrownPolicies';
import { PolicyOutcome } from './policyOutcome';
import { ciliumVerdict } from './PolicyView';
import {
  findEnrolment,
  findForeignPolicies,
  findUnsupported,
  Surroundings,
} from './surroundings';
import { no, unknown, Verdict, yes } from './verdict';

/** What the conditions of one member are derived from. */
export interface MemberFacts {
  readonly outcome: PolicyOutcome;
  /** The last readable declaration, if there is one. */
  readonly declaration: LatticeMember | undefined;
  /** Agreements, as far as this side has declared them. */
  readonly edges: readonly AgreementEdge[];
  readonly gaps: readonly PolicyGap[];
  readonly conflicts: readonly IdentityConflict[];
  readonly surroundings: Surroundings;
}

const STAYS = 'The policies stay as they are.';
const NOTHING_STANDS =
  'There are no policies of this member: nothing is enforced for its pods.';
const FORMER_PODS =
  'Pods of a former target.selector run on; they stay denied until they are gone.';

/** Every condition of a member, Ready last. */
export function memberConditions(facts: MemberFacts): NextCondition[] {
  const verdicts: Array<[string, Verdict | undefined]> = [
    [MemberConditions.EnginesKnown, engines(facts)],
    [MemberConditions.PoliciesApplied, policies(facts)],
    [MemberConditions.CiliumValid, cilium(facts)],
    [MemberConditions.AgreementsComplete, agreementVerdict(facts)],
    [MemberConditions.TargetsFound, targets(facts)],
    [MemberConditions.IdentityUnique, identity(facts)],
    [
      MemberConditions.Enrolled,
      findEnrolment(facts.declaration, facts.surroundings),
    ],
    [MemberConditions.ForeignPolicy, findForeignPolicies(facts.surroundings)],
    [
      MemberConditions.Unsupported,
      findUnsupported(facts.declaration, facts.gaps),
    ],
    [MemberConditions.Ready, ready(facts)],
  ];
  return verdicts.flatMap(([type, verdict]) =>
    verdict ? [{ type, ...verdict }] : [],
  );
}

function engines({ outcome, gaps }: MemberFacts): Verdict {
  if (outcome.kind === 'frozen' && outcome.reason === MemberReasons.EngineLost)
    return no(outcome.reason, outcome.message);
  const missing = gaps.filter(({ reason }) => reason === 'EngineMissing');
  return missing.length > 0
    ? no(MemberReasons.EngineMissing, join(missing))
    : yes(MemberReasons.Configured, 'Every engine that is needed is there.');
}

function policies({ outcome, gaps, declaration }: MemberFacts): Verdict {
  const blocked = gaps.filter(({ reason }) => reason === 'AgreedButBlocked');
  switch (outcome.kind) {
    case 'applied':
      return yes(
        MemberReasons.Applied,
        [
          'The policies are applied.',
          ...(outcome.live.some(isOutgrown) ? [FORMER_PODS] : []),
          ...blocked.map(gap => gap.message),
        ].join(' '),
      );
    case 'waiting':
      return unknown(
        MemberReasons.Progressing,
        `Not let out yet to ${namesOf(
          outcome.callees,
          declaration,
        )}: the policies of that side come first.`,
      );
    case 'frozen':
      return no(
        outcome.reason,
        `${outcome.live.length > 0 ? STAYS : NOTHING_STANDS} ${
          outcome.message
        }`,
      );
    case 'foreign':
      return no(
        MemberReasons.ForeignObject,
        `${outcome.kinds.join(
          ', ',
        )} of the wanted name belongs to somebody else and is left alone; nothing is opened until it is removed.`,
      );
    case 'failed':
      return no(MemberReasons.ApplyFailed, outcome.message);
    default:
      return yes(
        MemberReasons.DenyOnly,
        'Everything is denied until no pod is selected any more; then the policies are deleted.',
      );
  }
}

/** Callees by their names only where the member itself has written them: readers of its status may not know others. */
function namesOf(
  callees: readonly ObjectKey[],
  declaration: LatticeMember | undefined,
): string {
  const written = (declaration?.spec.dependencies ?? []).map(
    ({ namespace = '', name }) => formatKey({ namespace, name }),
  );
  const named = callees.map(formatKey).filter(key => written.includes(key));
  return named.length > 0
    ? named.join(', ')
    : 'somebody whom a wildcard stands for';
}

function cilium({ gaps, outcome: { live } }: MemberFacts): Verdict {
  const ignored = gaps.filter(({ reason }) => reason === 'SelectorIgnored');
  if (ignored.length > 0) return no(MemberReasons.NotSupported, join(ignored));
  const verdicts = live
    .filter(({ kind }) => kind === 'CiliumNetworkPolicy')
    .flatMap(policy => ciliumVerdict(policy) ?? []);
  const rejected = verdicts.find(({ isValid }) => !isValid);
  if (rejected) return no(MemberReasons.Rejected, rejected.message);
  return verdicts.length > 0
    ? yes(MemberReasons.Accepted, 'Cilium has accepted the policy.')
    : unknown(
        MemberReasons.NotReported,
        'Cilium has not reported on the policy.',
      );
}

/** Whether every agreement that is declared here is declared by the other side, too. */
export function agreementVerdict({
  declaration,
  edges,
}: Pick<MemberFacts, 'declaration' | 'edges'>): Verdict | undefined {
  if (!declaration) return undefined;
  const outbound = edges.filter(({ state }) => state === 'halfCaller');
  const inbound = edges.filter(({ state }) => state === 'halfCallee');
  const messages = [
    ...outbound.map(({ callee }) => unmatchedDependencyMessage(callee.name)),
    ...inbound.map(
      ({ caller }) =>
        `allowed caller ${formatKey(
          caller,
        )} has no matching outbound declaration.`,
    ),
  ];
  if (outbound.length > 0)
    return no(MemberReasons.OutboundUnmatched, messages.join(' '));
  if (inbound.length > 0)
    return no(MemberReasons.InboundUnmatched, messages.join(' '));
  return edges.length > 0
    ? yes(MemberReasons.AllAgreed, 'Both sides declare every agreement.')
    : yes(MemberReasons.NoAgreements, 'Nothing is declared, nothing is open.');
}

function targets({
  declaration,
  surroundings: { pods },
}: MemberFacts): Verdict | undefined {
  if (!declaration) return undefined;
  if ('namespace' in declaration.spec.target)
    return yes(
      MemberReasons.WholeNamespace,
      'Every pod of the namespace is selected, future ones too.',
    );
  return pods.length > 0
    ? yes(MemberReasons.PodsFound, 'Pods are selected.')
    : no(MemberReasons.NoPods, 'No pod has the labels of target.selector.');
}

function identity({
  declaration,
  conflicts,
}: MemberFacts): Verdict | undefined {
  if (!declaration) return undefined;
  const others = (kind: IdentityConflict['kind']) =>
    conflicts
      .filter(conflict => conflict.kind === kind)
      .map(({ other }) => other)
      .sort()
      .join(', ');
  const selector = others('selector');
  if (selector)
    return no(
      MemberReasons.SelectorOverlap,
      `The selector may select pods that ${selector} selects, too; such pods get what either allows.`,
    );
  const account = others('account');
  return account
    ? no(
        MemberReasons.SharedAccount,
        `The service account is also that of ${account}; the mesh cannot tell them apart.`,
      )
    : yes(
        MemberReasons.Unique,
        'No other member of the namespace shares pods or service account.',
      );
}

function ready(facts: MemberFacts): Verdict {
  const { kind } = facts.outcome;
  if (kind === 'denyOnly' || kind === 'retired')
    return no(
      MemberReasons.Deleting,
      'Waits until no pod is selected any more.',
    );
  const deciding = [engines(facts), policies(facts), cilium(facts)];
  const failing = deciding.find(({ status }) => status === 'False');
  if (failing) return failing;
  const pending = policies(facts);
  return pending.status === 'Unknown'
    ? pending
    : yes(
        MemberReasons.Succeeded,
        'The policies are applied; whatever both sides declare is open, the rest is denied.',
      );
}

function join(gaps: readonly PolicyGap[]): string {
  return gaps.map(({ message }) => message).join(' ');
}
