import { ExplainEnd } from '@lattice-portal/backstage-plugin-lattice-common';
import { BadUse } from '../BadUse';

const OUTSIDE = ['host', 'remote-node', 'kube-apiserver', 'world'] as const;
const KEY = /^([^/\s]+)\/([^/\s]+)$/;

/** Reads `namespace/name`, or a place outside of the cluster that Cilium knows by name. */
export function readEnd(option: string, text: string): ExplainEnd {
  const outside = OUTSIDE.find(one => one === text);
  if (outside) {
    return { outside };
  }
  const [, namespace, name] = KEY.exec(text) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new BadUse(
      `${option} must be NAMESPACE/NAME, or one of ${OUTSIDE.join(', ')}`,
    );
  }
  return { namespace, name };
}

/** Reads the number of a port. */
export function readPort(option: string, text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    throw new BadUse(`${option} must be a port number from 1 to 65535`);
  }
  return port;
}
