import { isFilled, records } from './readSpec';
import { anyOf } from './match';
import { Flow, isPod, Match } from './types';

/** The ports of a rule: all, or some; an empty list of some is none. */
export type PortRules =
  | 'all'
  | readonly {
      readonly port: string;
      /** NaN for a name. */
      readonly number: number;
      readonly endPort: number;
      readonly protocol: string;
    }[];

/** Reads `toPorts` and `icmps`. Either being there limits the rule, even when it names no port. */
export function readCiliumPorts(rule: Record<string, unknown>): PortRules {
  if (!isFilled(rule.toPorts) && !isFilled(rule.icmps)) return 'all';
  return records(rule.toPorts).flatMap(({ ports }) =>
    records(ports).map(({ port, endPort, protocol }) => ({
      port: String(port ?? ''),
      number: Number(port ?? ''),
      endPort: Number(endPort ?? 0),
      protocol: String(protocol ?? 'ANY').toUpperCase() || 'ANY',
    })),
  );
}

/** Reads the ports of a NetworkPolicy's rule. */
export function readNetworkPolicyPorts(value: unknown): PortRules {
  if (!isFilled(value)) return 'all';
  return records(value).map(({ port, endPort, protocol }) => ({
    port: String(port ?? '0'),
    number: Number(port ?? 0),
    endPort: Number(endPort ?? 0),
    protocol: String(protocol ?? 'TCP').toUpperCase(),
  }));
}

/** Whether rules are about the port that traffic really uses. */
export function matchesPorts(rules: PortRules, flow: Flow): Match {
  if (rules === 'all') return true;
  return anyOf(rules, rule => {
    if (rule.protocol !== 'ANY' && rule.protocol !== flow.protocol)
      return false;
    const { number } = rule;
    if (Number.isNaN(number)) return matchesName(rule.port, flow);
    return (
      number === 0 ||
      (flow.port >= number && flow.port <= Math.max(number, rule.endPort))
    );
  });
}

function matchesName(name: string, { to, port, protocol }: Flow): Match {
  if (!isPod(to)) return false;
  // Names of a pod on its node's network do not become known under the node's addresses.
  if (!to.namedPorts || to.hostNetwork)
    return { unsure: `which port of ${to.namespace}/${to.name} is ${name}` };
  return to.namedPorts.some(
    one =>
      one.name.toLowerCase() === name.toLowerCase() &&
      one.port === port &&
      one.protocol === protocol,
  );
}
