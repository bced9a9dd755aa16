/** What one question about a pair costs as the fleet grows, and one about a service or a change. */
import {
  comparePairs,
  DEFAULT_PROFILE,
  explain,
  ExplainPod,
  explainFlow,
  ExplainWorld,
  exposureOf,
  KubernetesObject,
  LatticeMember,
} from '../src';
import { graphOf, keyOf, realisticFleet, seeded, starFleet } from './fleets';
import { Suite } from './measure';

const SIZES = [100, 1_000, 10_000, 50_000];

function podOf({ metadata, spec }: LatticeMember): ExplainPod {
  return {
    namespace: metadata.namespace,
    name: `${metadata.name}-0`,
    labels: 'selector' in spec.target ? { ...spec.target.selector } : {},
    serviceAccount: spec.serviceAccount,
    ambient: spec.ambient,
  };
}

/** A policy of a chart for each tenth service, in a namespace that is not the fleet's own. */
function chartPolicies(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `chart-${index}`, namespace: `apart-${index % 50}` },
    spec: {
      podSelector: { matchLabels: { app: `chart-${index}` } },
      ingress: [{ ports: [{ port: 8080 }] }],
    },
  }));
}

function worldOf(members: readonly LatticeMember[]): ExplainWorld {
  return {
    graph: graphOf(members),
    profile: DEFAULT_PROFILE,
    foreignPolicies: chartPolicies(members.length / 10),
    namespaces: [0, 1, 2].map(index => ({
      name: keyOf(index).namespace,
      labels: {},
    })),
    pods: members.map(podOf),
  };
}

async function pairs(suite: Suite) {
  for (const size of SIZES) {
    const members = realisticFleet(size);
    const world = worldOf(members);
    const random = seeded(7);
    const any = () => members[Math.floor(random() * size)];
    const agreed = () => {
      const caller = any();
      const [callee] = caller.spec.dependencies;
      return {
        caller: caller.metadata,
        callee: { namespace: callee.namespace ?? '', name: callee.name },
        port: 8080,
      };
    };
    // The lists of the world are filed once, as in a portal that keeps them.
    explain(agreed(), world);
    await suite.measure(
      {
        name: 'explain an agreed pair',
        size,
        run: () => explain(agreed(), world),
      },
      {
        name: 'explain a pair at random',
        size,
        run: () =>
          explain(
            { caller: any().metadata, callee: any().metadata, port: 8080 },
            world,
          ),
      },
      {
        name: 'explain traffic between two pods',
        size,
        run: () =>
          explainFlow(
            {
              from: podOf(any()),
              to: podOf(any()),
              port: 8080,
              protocol: 'TCP',
            },
            world,
          ),
      },
      {
        name: 'exposure of a service',
        size,
        run: () => exposureOf(any().metadata, world),
      },
    );
  }
}

async function changes(suite: Suite) {
  for (const size of SIZES) {
    const members = realisticFleet(size);
    const before = graphOf(members);
    const [first, ...rest] = members;
    const changed = { ...first, spec: { ...first.spec, allowedCallers: [] } };
    const after = graphOf([changed, ...rest]);
    await suite.measure({
      name: 'compare the pairs of one changed service',
      size,
      run: () =>
        comparePairs(before, after, {
          profile: DEFAULT_PROFILE,
          changed: [first.metadata],
        }),
    });
  }
}

async function hubs(suite: Suite) {
  for (const callers of [10, 100, 500, 1_000]) {
    const world = worldOf(starFleet(callers));
    await suite.measure({
      name: 'explain a caller of a hub',
      size: callers,
      run: () => explain({ caller: keyOf(1), callee: keyOf(0) }, world),
    });
  }
}

async function main(): Promise<void> {
  const suite = new Suite('explain');
  await pairs(suite);
  await changes(suite);
  await hubs(suite);
  suite.finish();
}

void main();
