import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { isInMesh } from '../policies/openPorts';
import { formatAccount, formatEnd, formatRefs } from './describeDecision';
import { EngineView } from './EngineView';
import { ExplainPod, Flow, FlowDecision, isPod } from './engines';
import { refOf } from './engines/match';
import { record, records, strings } from './engines/readSpec';
import { link, PortQuestion } from './link';
import { ExplainLayer, ExplainWorld } from './types';
import { ResolvedEnd } from './resolveEnd';

/** Whether the pods are what their declarations say. */
export function podsLayer(
  { caller, callee }: PortQuestion,
  flow: Flow,
  world: ExplainWorld,
): ExplainLayer {
  const problems = [
    ...podProblems(caller, flow.from, world),
    ...podProblems(callee, flow.to, world),
  ];
  if (problems.length > 0) return link('pods', 'fail', problems.join(' '));
  const sides = [caller, callee].filter(({ member }) => member);
  const unseen = sides.filter(({ source }) => source === 'declared');
  if (sides.length === 0)
    return link('pods', 'skipped', 'Neither side has pods that are declared.');
  if (unseen.length > 0)
    return link(
      'pods',
      world.pods ? 'unknown' : 'skipped',
      world.pods
        ? `No pod runs that ${unseen
            .map(({ key }) => key && formatKey(key))
            .join(' or ')} selects: what follows holds for the first one.`
        : 'Running pods are not among what is looked at: what follows holds for pods as declared.',
    );
  return link('pods', 'pass', 'The pods are as they are declared.');
}

function podProblems(
  { member, source }: ResolvedEnd,
  end: Flow['from'],
  { profile, serviceAccounts }: ExplainWorld,
): string[] {
  if (!member || !isPod(end)) return [];
  const name = formatEnd(end);
  const account = formatAccount(end);
  const isMissing =
    serviceAccounts !== undefined &&
    !serviceAccounts.some(one => formatKey(one) === account);
  const missing = isMissing
    ? [`The service account ${account} does not exist.`]
    : [];
  return source === 'running'
    ? [...missing, ...differences(member, end, name, isInMesh(member, profile))]
    : missing;
}

function differences(
  member: LatticeMember,
  pod: ExplainPod,
  name: string,
  isMeshed: boolean,
): string[] {
  if (pod.hostNetwork)
    return [
      `Pod ${name} is on its node’s network, where no policy selects it and no mesh captures it.`,
    ];
  const { serviceAccount, target } = member.spec;
  const isOther =
    isMeshed && 'selector' in target && pod.serviceAccount !== serviceAccount;
  return [
    ...(isMeshed && !pod.ambient
      ? [
          `Pod ${name} is not enrolled in the mesh, of which ${formatKey(
            member.metadata,
          )} is declared to be part.`,
        ]
      : []),
    ...(!isMeshed && pod.ambient
      ? [
          `Pod ${name} is enrolled in the mesh, although ${formatKey(
            member.metadata,
          )} is declared to be outside of it.`,
        ]
      : []),
    ...(isOther
      ? [
          `Pod ${name} runs as ${pod.serviceAccount}; ${formatKey(
            member.metadata,
          )} is declared to run as ${serviceAccount}.`,
        ]
      : []),
  ];
}

/** Whether the caller's pods can resolve names. It does not count towards the verdict on an address. */
export function namesLayer(
  { from }: Flow,
  { profile }: ExplainWorld,
  view: EngineView,
): ExplainLayer {
  const [port] = profile.dns.ports;
  if (!isPod(from) || port === undefined || !profile.engines.cilium)
    return link(
      'names',
      'skipped',
      'Nothing here restricts how names are resolved.',
    );
  const { namespace, labels } = profile.dns;
  const dns: ExplainPod = {
    namespace,
    name: 'dns',
    labels,
    serviceAccount: 'default',
    ambient: false,
  };
  const { egress } = view.decide({ from, to: dns, port, protocol: 'UDP' });
  const by = formatRefs(egress.by);
  if (egress.ruling === 'allow')
    return link(
      'names',
      'pass',
      `${formatEnd(from)} may ask DNS in ${namespace}.`,
    );
  return link(
    'names',
    egress.ruling === 'deny' ? 'fail' : 'unknown',
    `${formatEnd(
      from,
    )} may not ask DNS in ${namespace} on ${port}/UDP (${by}): names do not resolve.`,
  );
}

/** Whether policies know the caller under the cluster's own trust domain. */
export function trustDomainLayer(
  flow: Flow,
  { carriedBy, authorization }: FlowDecision,
  { profile }: ExplainWorld,
  view: EngineView,
): ExplainLayer {
  const { from, to } = flow;
  if (carriedBy !== 'hbone' || !isPod(from) || !isPod(to))
    return link('trustDomain', 'skipped', 'No identity is proved on this way.');
  const suffix = `/ns/${from.namespace}/sa/${from.serviceAccount}`;
  const own = `${profile.trustDomain}${suffix}`;
  const other =
    authorization?.reason === 'nothingAllows'
      ? foreignPrincipals(flow, view).find(
          ({ principal }) => principal.endsWith(suffix) && principal !== own,
        )
      : undefined;
  return other
    ? {
        ...link(
          'trustDomain',
          'fail',
          `${formatRefs([other.ref])} names ${
            other.principal
          }, but the caller is ${own}.`,
        ),
        object: other.ref,
      }
    : link('trustDomain', 'pass', `The caller is ${own}.`);
}

function foreignPrincipals(flow: Flow, view: EngineView) {
  return view
    .foreign(flow)
    .objects.filter(({ kind }) => kind === 'AuthorizationPolicy')
    .flatMap(policy =>
      records(record(policy.spec).rules)
        .flatMap(({ from }) => records(from))
        .flatMap(({ source }) => strings(record(source).principals))
        .filter(principal => !principal.includes('*'))
        .map(principal => ({ ref: refOf(policy), principal })),
    );
}
