import {
  ExplainLayerName,
  LayerVerdict,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { PlacedDeclaration, PlacedExplanation } from '../commands/withFiles';
import { Paint, paintWhen } from './paint';
import { visible } from './visible';

type Style = Parameters<Paint>[0];

const LAYERS: Readonly<Record<ExplainLayerName, string>> = {
  callerKnown: 'caller is known',
  calleeKnown: 'callee is known',
  callerDeclares: 'caller declares',
  calleeAllows: 'callee allows',
  portDeclared: 'port is declared',
  modeCompatible: 'mode fits',
  engines: 'engines enforce',
  pods: 'pods are there',
  names: 'names resolve',
  ciliumEgress: 'Cilium, out',
  ciliumIngress: 'Cilium, in',
  trustDomain: 'trust domain',
  peerAuthentication: 'PeerAuthentication',
  authorizationPolicy: 'AuthorizationPolicy',
  foreignPolicies: 'policies of others',
};

const MARKS: Readonly<Record<LayerVerdict, { mark: string; style: Style }>> = {
  pass: { mark: '✓', style: 'green' },
  fail: { mark: '✗', style: 'red' },
  skipped: { mark: '-', style: 'dim' },
  unknown: { mark: '?', style: 'yellow' },
};

const VERDICTS: Readonly<Record<PlacedExplanation['verdict'], Style>> = {
  allowed: 'green',
  denied: 'red',
  unknown: 'yellow',
};

const WIDTH = Math.max(...Object.values(LAYERS).map(name => name.length));

function chain(
  { layers, firstFailing }: PlacedExplanation,
  paint: Paint,
): string[] {
  return layers.map(layer => {
    const { mark, style } = MARKS[layer.verdict];
    const name = LAYERS[layer.layer].padEnd(WIDTH);
    const isFirst =
      firstFailing?.layer === layer.layer && layer.verdict === 'fail';
    return `  ${paint(style, mark)} ${
      isFirst ? paint('bold', name) : name
    }  ${visible(layer.evidence)}`;
  });
}

function missingLines(
  missing: readonly PlacedDeclaration[],
  paint: Paint,
): string[] {
  return missing.flatMap(({ object, patch, sentence, file }) => {
    const { kind, namespace, name } = object;
    const key = [namespace, name].filter(Boolean).join('/');
    const verb = patch.startsWith('apiVersion:') ? 'create' : 'write into';
    const where = file === undefined ? key : `${key} (${file})`;
    return [
      '',
      visible(sentence),
      paint('bold', `To ${verb} ${kind} ${visible(where)}:`),
      ...patch
        .trimEnd()
        .split('\n')
        .map(line => `    ${visible(line)}`),
    ];
  });
}

/** The chain of an explanation for people: what was asked, each link with its mark, and what to write where. */
export function formatExplanation(
  question: string,
  explanation: PlacedExplanation,
  isColored: boolean,
): string {
  const paint = paintWhen(isColored);
  const { verdict, missing, alsoMissing = [], notes } = explanation;
  const lines = [
    `${visible(question)}: ${paint(VERDICTS[verdict], verdict)}`,
    '',
    ...chain(explanation, paint),
    ...missingLines(missing ? [missing, ...alsoMissing] : [], paint),
    ...(notes.length > 0 ? [''] : []),
    ...notes.map(note => `${paint('yellow', 'Note:')} ${visible(note)}`),
  ];
  return `${lines.join('\n')}\n`;
}
