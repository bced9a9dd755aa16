import { EgressRule, LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { findEgressProblem } from '../policies/egressRules';
import { portMode } from '../policies/openPorts';
import { withExternals } from '../policies/withExternals';
import { DeclaredLayer, findPort, link, PortQuestion } from './link';
import { formatEnd, formatPort } from './describeDecision';
import { FlowEnd, isPod, OutsideEnd } from './engines';
import { containsBlock, readBlock } from './engines/addresses';
import { matchesFqdn } from './engines/fqdn';
import { missingEgress } from './missingDeclaration';
import { ExplainWorld } from './types';

const API_SERVER_ENDS = ['host', 'remote-node', 'kube-apiserver'];

/** Whether a caller declares egress to a place outside. */
export function explainEgress(
  { callee, port, protocol }: PortQuestion,
  caller: LatticeMember,
  { graph }: ExplainWorld,
): DeclaredLayer {
  const [end] = callee.ends;
  const name = formatKey(caller.metadata);
  const where = `${formatEnd(end)} on ${formatPort({ port, protocol })}`;
  const own = caller.spec.egress.length;
  const about = withExternals(graph, caller)
    .spec.egress.map((rule, index) => ({
      rule,
      path: index < own ? `spec.egress[${index}]` : 'as an external service',
    }))
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
        `${name} declares egress to ${where} (${open.path}).`,
        caller,
      ),
    };
  const refused = about.find(({ rule }) => findEgressProblem(rule));
  return {
    layer: link(
      'callerDeclares',
      'fail',
      refused
        ? `${name} declares egress that opens nothing (${
            refused.path
          }): ${findEgressProblem(refused.rule)}.`
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
  if ('entity' in target) return isMeantByEntity(target.entity, end);
  if ('cidr' in target) return isMeantByBlock(target.cidr, end);
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

function isMeantByEntity(entity: string, { outside }: OutsideEnd): boolean {
  if (outside === 'address') return entity.startsWith('world');
  // The API server runs on a node.
  const isNode = entity === 'remote-node' && outside === 'kube-apiserver';
  return entity === outside || isNode;
}

function isMeantByBlock(cidr: string, end: OutsideEnd): boolean {
  const outer = readBlock(cidr);
  if (!outer) return false;
  if (end.outside !== 'address')
    return end.outside === 'world' && outer.length === 0;
  const inner = readBlock(end.cidr ?? '');
  return inner !== undefined && containsBlock(outer, inner);
}

function targetOf(end: OutsideEnd): EgressRule['target'] {
  if (end.outside !== 'address') return { entity: end.outside };
  return end.fqdn === undefined ? { cidr: end.cidr ?? '' } : { fqdn: end.fqdn };
}
