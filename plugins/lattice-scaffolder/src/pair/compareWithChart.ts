import { LatticeMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { RenderedWorkload } from '../chart/proposeMember';
import { PairFinding } from './checkPair';
import { PAIR_FILES } from './types';

/**
 * Holds a member against the pods that its chart makes. Warnings only: an operator's pods, for one, are in no chart.
 */
export function compareWithChart(
  member: LatticeMember,
  workloads: readonly RenderedWorkload[],
): PairFinding[] {
  const { target } = member.spec;
  const selected =
    'selector' in target
      ? workloads.filter(it => matches(it.labels, target.selector))
      : workloads;
  if (workloads.length === 0) {
    return [
      warning(
        'spec.target',
        'the chart makes no pods that stay, so nothing here can be compared with it',
      ),
    ];
  }
  if (selected.length === 0) {
    return [
      warning(
        'spec.target.selector',
        'selects none of the chart’s pods, so they would stay closed; use labels that the chart puts on its pods',
      ),
    ];
  }
  return [
    ...closedPorts(member, selected),
    ...undeclaredPorts(member, selected),
    ...otherAccounts(member, selected),
  ];
}

function closedPorts(
  member: LatticeMember,
  selected: readonly RenderedWorkload[],
): PairFinding[] {
  const open = portsOf(selected);
  return member.spec.ports.flatMap(({ port }, index) =>
    open.has(port)
      ? []
      : [
          warning(
            `spec.ports[${index}].port`,
            `${port} is not among the container ports that the chart names (${
              [...open].join(', ') || 'none'
            }); it is the container’s port, not the Service’s`,
          ),
        ],
  );
}

function undeclaredPorts(
  member: LatticeMember,
  selected: readonly RenderedWorkload[],
): PairFinding[] {
  const declared = new Set(member.spec.ports.map(({ port }) => port));
  const missing = [...portsOf(selected)].filter(port => !declared.has(port));
  return missing.length > 0
    ? [
        warning(
          'spec.ports',
          `the chart also opens ${missing.join(
            ', ',
          )}, which stays closed to everyone`,
        ),
      ]
    : [];
}

function otherAccounts(
  member: LatticeMember,
  selected: readonly RenderedWorkload[],
): PairFinding[] {
  const others = new Set(
    selected
      .map(it => it.serviceAccount)
      .filter(account => account !== member.spec.serviceAccount),
  );
  return member.spec.dependencies.length > 0 && others.size > 0
    ? [
        warning(
          'spec.serviceAccount',
          `the pods run as ${[...others].join(', ')}, not as ${
            member.spec.serviceAccount
          }; what it calls would not know it. Set spec.serviceAccount`,
        ),
      ]
    : [];
}

function portsOf(workloads: readonly RenderedWorkload[]): Set<number> {
  return new Set(
    workloads
      .flatMap(it => it.ports.map(({ port }) => port))
      .sort((a, b) => a - b),
  );
}

function matches(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(
    ([key, value]) => labels[key] === value,
  );
}

function warning(path: string, message: string): PairFinding {
  return { file: PAIR_FILES.member, path, severity: 'warning', message };
}
