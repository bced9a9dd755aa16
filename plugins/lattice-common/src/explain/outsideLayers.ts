import { EgressRule, LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { findEgressProblem } from '../policies/egressRules';
import { portMode } from '../policies/openPorts';
import { DeclaredLayer, findPort, link, PortQuestion } from './link';
import { formatEnd, formatPort } from './describeDecision';
import { FlowEnd, isPod, OutsideEnd } from './engines';
import { containsBlock, readBlock } from './engines/addresses';
import { matchesFqdn } from './engines/fqdn';
import { missingEgress } from './missingDeclaration';

const API_SERVER_ENDS = ['host', 'remote-node', 'kube-apiserver'];

/** Whether a caller declares egress to a place outside. */
export function explainEgress(
  { callee, port, protocol }: PortQuestion,
  caller: LatticeMember,
): DeclaredLayer {
  const [end] = callee.ends;
  const name = formatKey(caller.metadata);
  const where = `${formatEnd(end)} on ${formatPort({ port, protocol })}`;
  const about = caller.spec.egress
    .map((rule, index) => ({ rule, index }))
    .filter(
      ({ rule }) => rule.protocol === protocol && isMeant(rule.target, end),
    );
  const open = about.find(
    ({ rule }) => rule.ports.includes(port) && !findEgressProblem(rule),
  );
  if (open)
    return {
      layer: link(
        'callerDeclares',
        'pass',
        `${name} declares egress to ${where} (spec.egress[${open.index}]).`,
        caller,
      ),
    };
  const refused = about.find(({ rule }) => findEgressProblem(rule));
  return {
    layer: link(
      'callerDeclares',
      'fail',
      refused
        ? `${name} declares egress that opens nothing (spec.egress[${
            refused.index
          }]): ${findEgressProblem(refused.rule)}.`
        : `${name} declares no egress to ${where}.`,
      caller,
    ),
    missing: isPod(end)
      ? undefined
      : missingEgress(caller, targetOf(end), port || undefined, protocol),
  };
}

/** Whether a callee has a port for a place outside: only the API server's way to a webhook can be declared. */
export function explainAdmission(
  { caller, port, protocol }: PortQuestion,
  callee: LatticeMember,
): DeclaredLayer {
  const [end] = caller.ends;
  const name = formatKey(callee.metadata);
  const declared = findPort(callee, port, protocol);
  const isWebhook =
    declared !== undefined && portMode(callee, declared) === 'Webhook';
  const isServer = !isPod(end) && API_SERVER_ENDS.includes(end.outside);
  const verdict = isWebhook && isServer ? 'pass' : 'fail';
  return {
    layer: link(
      'calleeAllows',
      verdict,
      verdict === 'pass'
        ? `Port ${port} of ${name} is for the API server (Webhook), whose traffic may come from ${formatEnd(
            end,
          )}.`
        : `${name} lets nobody in but declared members, and the API server on Webhook ports.`,
      callee,
    ),
  };
}

function isMeant(target: EgressRule['target'], end: FlowEnd): boolean {
  if (isPod(end)) return false;
  if ('entity' in target)
    return end.outside === 'address'
      ? target.entity.startsWith('world')
      : target.entity === end.outside ||
          // The API server runs on a node.
          (target.entity === 'remote-node' && end.outside === 'kube-apiserver');
  if ('cidr' in target) {
    const outer = readBlock(target.cidr);
    const inner = readBlock((end.outside === 'address' && end.cidr) || '');
    if (outer?.length === 0 && end.outside === 'world') return true;
    return !!outer && !!inner && containsBlock(outer, inner);
  }
  return (
    end.outside === 'address' &&
    end.fqdn !== undefined &&
    matchesFqdn(
      target.fqdn.includes('*')
        ? { matchPattern: target.fqdn }
        : { matchName: target.fqdn },
      end.fqdn,
    )
  );
}

function targetOf(end: OutsideEnd): EgressRule['target'] {
  if (end.outside !== 'address') return { entity: end.outside };
  return end.fqdn === undefined ? { cidr: end.cidr ?? '' } : { fqdn: end.fqdn };
}
