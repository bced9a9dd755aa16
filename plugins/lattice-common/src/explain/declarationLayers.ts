import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { writtenPath } from '../api/writtenPaths';
import { findMemberProblem } from '../policies/memberTarget';
import { formatEnd, formatPort } from './describeDecision';
import { Declared, findAllowance, findDependency } from './declares';
import { explainAdmission, explainEgress } from './outsideLayers';
import { DeclaredLayer, findPort, link, PortQuestion } from './link';
import {
  missingAllowance,
  missingDependency,
  missingMember,
  missingPeerTraffic,
  missingPort,
} from './missingDeclaration';
import { modeLayers } from './modeLayers';
import { ResolvedEnd } from './resolveEnd';
import { ExplainLayerName, ExplainWorld } from './types';

/** What both sides have declared, link by link. */
export function declarationLayers(
  question: PortQuestion,
  world: ExplainWorld,
): DeclaredLayer[] {
  return [
    known('callerKnown', question.caller, question, world),
    known('calleeKnown', question.callee, question, world),
    callerDeclares(question, world),
    calleeAllows(question),
    portDeclared(question),
    ...modeLayers(question, world),
  ];
}

function known(
  layer: 'callerKnown' | 'calleeKnown',
  { key, member, ends }: ResolvedEnd,
  { caller, callee, port }: PortQuestion,
  { profile }: ExplainWorld,
): DeclaredLayer {
  if (!key)
    return {
      layer: link(
        layer,
        'skipped',
        `${formatEnd(ends[0])} is outside of what can be declared.`,
      ),
    };
  const name = formatKey(key);
  if (!member) {
    const far = (layer === 'callerKnown' ? callee : caller).key;
    const half =
      layer === 'callerKnown'
        ? far && { dependency: far }
        : far && { allowedCaller: far, port: port || undefined };
    return {
      layer: link(
        layer,
        'fail',
        `Nothing declares ${name}: there is no LatticeMeshMember or LatticeService of this name.`,
      ),
      missing: half && missingMember(key, half),
    };
  }
  const problem = findMemberProblem(member, profile);
  return {
    layer: problem
      ? link(
          layer,
          'fail',
          `No policy can be made of ${member.kind} ${name}, so that it takes part in no agreement: ${problem}.`,
          member,
        )
      : link(layer, 'pass', `${member.kind} ${name} is declared.`, member),
  };
}

function isSelf({ caller, callee }: PortQuestion): boolean {
  return (
    caller.key !== undefined &&
    callee.key !== undefined &&
    formatKey(caller.key) === formatKey(callee.key)
  );
}

function peerTraffic(
  layer: ExplainLayerName,
  member: LatticeMember,
): DeclaredLayer {
  const { allowPeerTraffic } = member.spec;
  const name = formatKey(member.metadata);
  return {
    layer: link(
      layer,
      allowPeerTraffic ? 'pass' : 'fail',
      allowPeerTraffic
        ? `The pods of ${name} may call each other (allowPeerTraffic).`
        : `The pods of ${name} may not call each other: allowPeerTraffic is not set.`,
      member,
    ),
    missing: allowPeerTraffic ? undefined : missingPeerTraffic(member),
  };
}

function callerDeclares(
  question: PortQuestion,
  world: ExplainWorld,
): DeclaredLayer {
  const { caller, callee } = question;
  const layer = 'callerDeclares';
  if (!caller.member)
    return { layer: link(layer, 'skipped', 'Nothing speaks for the caller.') };
  if (!callee.key) return explainEgress(question, caller.member, world);
  if (isSelf(question)) return peerTraffic(layer, caller.member);
  const found = findDependency(caller.member, callee.key);
  const names = `${formatKey(caller.member.metadata)}`;
  if (found)
    return {
      layer: link(
        layer,
        'pass',
        `${names} declares ${formatKey(callee.key)} ${inWords(found)}.`,
        caller.member,
      ),
    };
  const isAllowed =
    callee.member !== undefined &&
    findAllowance(callee.member, caller.member.metadata) !== undefined;
  return {
    layer: link(
      layer,
      'fail',
      `${names} declares no outbound dependency ${formatKey(callee.key)}${
        isExternal(caller.member, callee.key)
          ? ': it names it as an external service, which is no agreement'
          : ''
      }.`,
      caller.member,
    ),
    missing: missingDependency(caller.member, callee.key, {
      member: callee.member,
      isAllowed,
    }),
  };
}

function isExternal({ spec }: LatticeMember, callee: ObjectKey): boolean {
  return (spec.externals ?? []).some(
    external => formatKey(external) === formatKey(callee),
  );
}

function calleeAllows(question: PortQuestion): DeclaredLayer {
  const { caller, callee } = question;
  const layer = 'calleeAllows';
  if (!callee.member)
    return { layer: link(layer, 'skipped', 'Nothing speaks for the callee.') };
  if (!caller.key) return explainAdmission(question, callee.member);
  if (isSelf(question)) return peerTraffic(layer, callee.member);
  const found = findAllowance(callee.member, caller.key);
  const name = formatKey(callee.member.metadata);
  if (found)
    return {
      layer: link(
        layer,
        'pass',
        `${name} allows ${formatKey(caller.key)} ${inWords(found)}.`,
        callee.member,
      ),
    };
  return {
    layer: link(
      layer,
      'fail',
      `${name} does not allow ${formatKey(caller.key)} as caller.`,
      callee.member,
    ),
    missing: caller.member && missingAllowance(caller.member, callee.member),
  };
}

function inWords({ how, path }: Declared): string {
  const ways: Record<Declared['how'], string> = {
    name: 'by name',
    namespaceWildcard: 'by a wildcard for its namespace',
    wildcard: 'by a wildcard',
    everything: 'along with everything else',
  };
  return `${ways[how]} (${path})`;
}

function portDeclared({ callee, port, protocol }: PortQuestion): DeclaredLayer {
  const layer = 'portDeclared';
  const { member } = callee;
  if (!member)
    return { layer: link(layer, 'skipped', 'Nothing speaks for the callee.') };
  const name = formatKey(member.metadata);
  const found = findPort(member, port, protocol);
  if (found) {
    const path = writtenPath(
      member.writtenPaths,
      `spec.ports[${member.spec.ports.indexOf(found)}]`,
    );
    return {
      layer: link(
        layer,
        'pass',
        `${name} declares ${formatPort({ port, protocol })} (${path}).`,
        member,
      ),
    };
  }
  const ports = member.spec.ports.map(formatPort).join(', ');
  return {
    layer: link(
      layer,
      'fail',
      ports
        ? `${name} does not declare ${formatPort({
            port,
            protocol,
          })}; it declares ${ports}.`
        : `${name} declares no port, so that none is open.`,
      member,
    ),
    missing: port === 0 ? undefined : missingPort(member, port, protocol),
  };
}
