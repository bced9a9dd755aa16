import { Question } from '../judges';
import { OUTSIDE, podId, World } from './types';

/** Never declared, the tunnel's own, and the usual one of DNS. */
const EXTRA_TCP = [9999, 15008, 53];
const EXTRA_UDP = [53];

/** Every pair of ends of which one is a pod, and every port: declared by anybody, by nobody, the tunnel's, and DNS. */
export function allQuestions(world: World): Question[] {
  const ports = askedPorts(world);
  const pods = world.pods.map(podId);
  const outside = [...OUTSIDE, ...world.externals.map(({ name }) => name)];
  const pairs = [
    ...pods.flatMap(from =>
      [...pods, ...outside].map(to => [from, to] as const),
    ),
    ...outside.flatMap(from => pods.map(to => [from, to] as const)),
  ];
  return pairs
    .filter(([from, to]) => from !== to)
    .flatMap(([from, to]) => ports.map(port => ({ from, to, ...port })));
}

function askedPorts({
  declared,
  profile,
}: World): Pick<Question, 'port' | 'protocol'>[] {
  const numbers = (protocol: 'TCP' | 'UDP', extra: number[]) => {
    const found = declared.flatMap(({ spec }) => [
      ...spec.ports
        .filter(port => port.protocol === protocol)
        .map(({ port }) => port),
      ...spec.egress
        .filter(rule => rule.protocol === protocol)
        .flatMap(rule => rule.ports),
    ]);
    return [...new Set([...found, ...extra, ...profile.dns.ports])]
      .sort((a, b) => a - b)
      .map(port => ({ port, protocol }));
  };
  return [...numbers('TCP', EXTRA_TCP), ...numbers('UDP', EXTRA_UDP)];
}
