import { LatticeMember, MemberPort } from '../api/memberModel';
import { Flow, FlowDecision } from './engines';
import { declarationRef } from './missingDeclaration';
import { ResolvedEnd } from './resolveEnd';
import {
  ExplainLayer,
  ExplainLayerName,
  LayerVerdict,
  MissingDeclaration,
} from './types';

/** A question about one port, with both sides looked up. */
export interface PortQuestion {
  readonly caller: ResolvedEnd;
  readonly callee: ResolvedEnd;
  /** 0 = none is named. */
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** What the engines decide about one pair of pods, of the kinds that there are. */
export interface PairDecision {
  readonly flow: Flow;
  readonly decision: FlowDecision;
}

/** A link of the chain, and what would mend it. */
export interface DeclaredLayer {
  readonly layer: ExplainLayer;
  readonly missing?: MissingDeclaration;
}

/** Makes a link. */
export function link(
  layer: ExplainLayerName,
  verdict: LayerVerdict,
  evidence: string,
  member?: LatticeMember,
): DeclaredLayer['layer'] {
  return {
    layer,
    verdict,
    evidence,
    ...(member ? { object: declarationRef(member) } : {}),
  };
}

/** A declared port. */
export function findPort(
  member: LatticeMember,
  port: number,
  protocol: 'TCP' | 'UDP',
): MemberPort | undefined {
  return member.spec.ports.find(
    one => one.port === port && one.protocol === protocol,
  );
}
