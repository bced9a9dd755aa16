import { LatticeMember, MemberPort } from '../api/memberModel';
import { formatKey } from '../api/object';
import {
  isClosedWithoutEngine,
  isInMesh,
  openPorts,
  portMode,
} from '../policies/openPorts';
import { DeclaredLayer, findPort, link, PortQuestion } from './link';
import { missingMesh } from './missingDeclaration';
import { ExplainWorld } from './types';

/** Whether the caller can use the port as it authenticates, and whether the engines that this needs are there. */
export function modeLayers(
  question: PortQuestion,
  world: ExplainWorld,
): DeclaredLayer[] {
  const { caller, callee, port, protocol } = question;
  const declared = callee.member && findPort(callee.member, port, protocol);
  const mode: DeclaredLayer =
    caller.member && callee.member && declared
      ? modeCompatible(caller.member, callee.member, declared, world)
      : {
          layer: link(
            'modeCompatible',
            'skipped',
            'Only a declared port between two members has a mode to meet.',
          ),
        };
  return [mode, engines(callee.member, declared, world)];
}

/** Asked of the compiler itself, so that the two cannot disagree. */
function modeCompatible(
  caller: LatticeMember,
  callee: LatticeMember,
  port: MemberPort,
  { profile }: ExplainWorld,
): DeclaredLayer {
  const alone = { ...callee, spec: { ...callee.spec, ports: [port] } };
  const isOpen = openPorts(caller, alone, profile).length > 0;
  const mode = portMode(callee, port);
  const who = formatKey(caller.metadata);
  const where = `port ${port.port}/${port.protocol} of ${formatKey(
    callee.metadata,
  )}`;
  if (isOpen)
    return {
      layer: link(
        'modeCompatible',
        'pass',
        describeMode(caller, callee, port, { profile }),
        callee,
      ),
    };
  if (isClosedWithoutEngine(callee, port, profile))
    return {
      layer: link(
        'modeCompatible',
        'skipped',
        `Without Istio no mode of ${where} can be met.`,
        callee,
      ),
    };
  return {
    layer: link(
      'modeCompatible',
      'fail',
      mode === 'Webhook'
        ? `Agreed but blocked: ${where} is for the API server (Webhook), and ${who} is outside of the mesh.`
        : `Agreed but blocked: ${where} asks for mTLS (Strict), and ${who} is outside of the mesh and has no identity.`,
      callee,
    ),
    missing:
      caller.kind === 'LatticeMeshMember' && !caller.fromPackage
        ? missingMesh(caller, callee)
        : undefined,
  };
}

function describeMode(
  caller: LatticeMember,
  callee: LatticeMember,
  port: MemberPort,
  { profile }: Pick<ExplainWorld, 'profile'>,
): string {
  if (port.protocol === 'UDP')
    return 'The mesh does not carry UDP: labels alone decide.';
  if (!isInMesh(callee, profile))
    return 'The callee is outside of the mesh: labels alone decide.';
  return isInMesh(caller, profile)
    ? 'Both are in the mesh: mTLS between them.'
    : 'The port takes plaintext (Permissive) from agreed callers.';
}

function engines(
  callee: LatticeMember | undefined,
  port: MemberPort | undefined,
  { profile }: ExplainWorld,
): DeclaredLayer {
  if (!profile.engines.cilium)
    return {
      layer: link(
        'engines',
        'fail',
        'Without Cilium nothing is enforced on the network.',
      ),
    };
  if (callee && port && isClosedWithoutEngine(callee, port, profile))
    return {
      layer: link(
        'engines',
        'fail',
        `Without Istio no mTLS is possible: Strict port ${port.port} stays closed.`,
        callee,
      ),
    };
  const names = profile.engines.istio ? 'Cilium and Istio' : 'Cilium';
  return {
    layer: link('engines', 'pass', `Enforced by ${names}.`),
  };
}
