import { Pitfall } from './Pitfall';
import { adding, Json, onPorts, rules, specs } from './rewrite';

const CNP = 'CiliumNetworkPolicy';
const isEmpty = (rule: Json) => Object.keys(rule).length === 0;

/** Traps in how Cilium reads rules that cut off what was agreed. */
export const networkBreakages: readonly Pitfall[] = [
  {
    id: 'P26',
    kind: 'breaks',
    trap: 'a caller outside the mesh is closed, and gets no rule for its callees',
    mutations: [
      {
        way: 'egress of plain members is DNS alone',
        policies: specs(
          CNP,
          rules('egress', rule =>
            JSON.stringify(rule).includes('dns-system') || isEmpty(rule)
              ? rule
              : undefined,
          ),
          'batch',
        ),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P29',
    kind: 'breaks',
    trap: 'a wildcard is written as an exact name',
    mutations: [
      {
        way: 'every host name is a matchName',
        policies: specs(
          CNP,
          rules('egress', rule =>
            rule.toFQDNs
              ? { ...rule, toFQDNs: [{ matchName: '*.example.com' }] }
              : rule,
          ),
        ),
        caughtAs: ['refused by an engine'],
      },
    ],
  },
  {
    id: 'P32',
    kind: 'breaks',
    trap: 'egress by name without a DNS rule from which Cilium learns the addresses',
    mutations: [
      {
        way: 'DNS is a port like any other',
        policies: specs(
          CNP,
          rules('egress', rule =>
            rule.toPorts
              ? {
                  ...rule,
                  toPorts: (rule.toPorts as Json[]).map(({ ports: list }) => ({
                    ports: list,
                  })),
                }
              : rule,
          ),
        ),
        caughtAs: ['lint'],
      },
    ],
  },
  {
    id: 'P33',
    kind: 'breaks',
    trap: 'more than forty ports in one item',
    mutations: [
      {
        way: 'all ports in one item',
        policies: specs(
          CNP,
          adding('ingress', {
            fromEntities: ['host'],
            ...onPorts(
              ...Array.from(
                { length: 41 },
                (_, index) => `${20_000 + index}/TCP`,
              ),
            ),
          }),
          'mute',
        ),
        caughtAs: ['refused by an engine', 'lint'],
      },
    ],
    guards: [
      {
        what: 'long lists are cut into items, and names to what a label holds',
        file: 'plugins/lattice-common/src/policies/compilePolicies.test.ts',
        test: 'splits more ports than Cilium takes in one item',
      },
    ],
  },
  {
    id: 'P34',
    kind: 'breaks',
    trap: 'two kinds of peers in one rule',
    mutations: [
      {
        way: 'whoever may enter by a port stands in its one rule',
        policies: specs(
          CNP,
          rules('ingress', rule =>
            rule.fromEndpoints ? { ...rule, fromEntities: ['host'] } : rule,
          ),
          'ledger',
        ),
        caughtAs: ['refused by an engine', 'lint'],
      },
    ],
  },
];
