import { formatKey } from '../api/object';
import { EngineView } from './EngineView';
import { Flow } from './engines';
import { formatRef, refOf } from './engines/match';
import { PairDecision, PortQuestion } from './link';
import { ResolvedEnd } from './resolveEnd';
import { Explanation, ExplainLayer, ExplainWorld } from './types';

const DECLARED = [
  'callerKnown',
  'calleeKnown',
  'callerDeclares',
  'calleeAllows',
  'portDeclared',
  'modeCompatible',
];
const MAX_REFUSED = 3;
const DECIDING = ['ciliumIngress', 'authorizationPolicy'];

/** What a chain alone does not say. */
export function collectNotes(facts: {
  readonly question: PortQuestion;
  readonly verdict: Explanation['verdict'];
  readonly layers: readonly ExplainLayer[];
  readonly pairs: readonly PairDecision[];
  /** The pair that is shown. */
  readonly flow: Flow;
  readonly world: ExplainWorld;
  readonly view: EngineView;
}): string[] {
  const { question, verdict, layers, pairs, world } = facts;
  return [
    ...notAgreed(verdict, layers),
    ...mixedKinds(pairs),
    ...refused(facts.flow, facts.view),
    ...[question.caller, question.callee].flatMap(end => [
      ...wholeNamespace(end),
      ...sharedAccount(end, world),
      ...overlap(end, facts.view),
    ]),
    ...(layers.some(one => one.layer === 'names' && one.verdict === 'fail') &&
    verdict === 'allowed'
      ? ['The address can be reached, but names do not resolve.']
      : []),
  ];
}

function notAgreed(
  verdict: Explanation['verdict'],
  layers: readonly ExplainLayer[],
): string[] {
  const failing = layers.find(
    one => one.verdict === 'fail' && DECLARED.includes(one.layer),
  );
  if (verdict !== 'allowed' || !failing) return [];
  const why = layers.filter(
    one => DECIDING.includes(one.layer) && one.verdict === 'pass',
  );
  return [
    [
      `Open although it is not agreed (${failing.evidence})`,
      ...why.map(({ evidence }) => evidence),
    ].join(' '),
  ];
}

function refused(flow: Flow, view: EngineView): string[] {
  return view
    .foreign(flow)
    .each.filter(({ refusal }) => refusal)
    .slice(0, MAX_REFUSED)
    .map(
      ({ object, refusal }) =>
        `${formatRef(
          refOf(object),
        )} is not in force, as Cilium refuses it: ${refusal}.`,
    );
}

function mixedKinds(pairs: readonly PairDecision[]): string[] {
  const open = pairs.filter(({ decision }) => decision.ruling === 'allow');
  return open.length > 0 && open.length < pairs.length
    ? [
        `The pods differ: ${open.length} of ${pairs.length} kinds of pairs are let through. Shown is one that is not.`,
      ]
    : [];
}

function wholeNamespace({ member }: ResolvedEnd): string[] {
  return member && 'namespace' in member.spec.target
    ? [
        `${formatKey(
          member.metadata,
        )} stands for every pod of its namespace, future ones too.`,
      ]
    : [];
}

function sharedAccount(
  { member }: ResolvedEnd,
  { graph }: ExplainWorld,
): string[] {
  if (!member?.spec.ambient) return [];
  const { metadata, spec } = member;
  const others = graph
    .sharingAccount(metadata.namespace, spec.serviceAccount)
    .filter(key => key.name !== metadata.name && graph.get(key)?.spec.ambient);
  return others.length > 0
    ? [
        `${formatKey(metadata)} shares the service account ${
          spec.serviceAccount
        } with ${others
          .map(formatKey)
          .join(', ')}: the mesh cannot tell them apart.`,
      ]
    : [];
}

function overlap({ member, ends }: ResolvedEnd, view: EngineView): string[] {
  if (!member) return [];
  const [pod] = ends;
  if ('outside' in pod) return [];
  const others = view
    .membersOf(pod)
    .filter(key => key.name !== member.metadata.name);
  return others.length > 0
    ? [
        `${others.map(formatKey).join(', ')} selects pods of ${formatKey(
          member.metadata,
        )}, too: they get what either allows.`,
      ]
    : [];
}
