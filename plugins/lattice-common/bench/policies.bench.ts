/** What compiling policies costs as the fleet grows. */
import {
  AgreementGraph,
  compilePolicies,
  DEFAULT_PROFILE,
  LatticeMember,
  lintPolicy,
  planPolicyWrites,
} from '../src';
import {
  dependsAllFleet,
  graphOf,
  keyOf,
  readMember,
  realisticFleet,
  seeded,
} from './fleets';
import { Suite } from './measure';

const SINGLE_REFERENCE: Record<number, number> = {
  1_000: 10,
  10_000: 15,
  50_000: 17,
};

function compile(graph: AgreementGraph, member: LatticeMember) {
  return compilePolicies(graph, member.metadata, DEFAULT_PROFILE);
}

function picker(members: readonly LatticeMember[]): () => LatticeMember {
  const random = seeded(7);
  return () => members[Math.floor(random() * members.length)];
}

async function singleCompiles(suite: Suite) {
  for (const size of [10, 50, 200, 1_000, 5_000, 10_000, 25_000, 50_000]) {
    const members = realisticFleet(size);
    const graph = graphOf(members);
    const any = picker(members);
    await suite.measure({
      name: 'compile one member',
      size,
      referenceUs: SINGLE_REFERENCE[size],
      run: () => compile(graph, any()),
    });
  }
}

async function oneChange(suite: Suite) {
  for (const size of [100, 1_000, 10_000, 50_000]) {
    const members = realisticFleet(size);
    const graph = graphOf(members);
    const any = picker(members);
    let round = 0;
    const changed = () => {
      const member = any();
      const serviceAccount = `account-${(round += 1)}`;
      return { ...member, spec: { ...member.spec, serviceAccount } };
    };
    await suite.measure(
      {
        name: 'who must be recomputed after one change',
        size,
        run: () => graph.set(changed()),
      },
      {
        name: 'one change, and all that it concerns compiled anew',
        size,
        run: () =>
          graph
            .set(changed())
            .map(key => compilePolicies(graph, key, DEFAULT_PROFILE)),
      },
    );
  }
}

async function waves(suite: Suite) {
  for (const size of [10, 50, 200, 1_000, 10_000]) {
    const members = realisticFleet(size);
    const graph = graphOf(members);
    await suite.measure({
      name: 'compile every member',
      size,
      referenceUs: size === 1_000 ? 10_700 : undefined,
      run: () => members.map(member => compile(graph, member)),
    });
  }
}

async function dependsAll(suite: Suite) {
  for (const [size, count] of [
    [50, 5],
    [200, 20],
    [1_000, 100],
    [5_000, 500],
    [10_000, 1_000],
  ]) {
    const members = dependsAllFleet(size, count);
    const graph = graphOf(members);
    const asking = picker(members.slice(-count));
    const normal = picker(members.slice(0, -count));
    const isLargest = size === 10_000;
    await suite.measure(
      {
        name: 'compile one of a tenth that ask for everything',
        size,
        referenceUs: isLargest ? 1_200 : undefined,
        run: () => compile(graph, asking()),
      },
      {
        name: 'compile a normal one beside a tenth that ask for everything',
        size,
        referenceUs: isLargest ? 75 : undefined,
        run: () => compile(graph, normal()),
      },
    );
  }
}

function egressRing(size: number, rules: number): LatticeMember[] {
  return Array.from({ length: size }, (_, index) =>
    readMember(keyOf(index), {
      allowedCallers: [keyOf((index + size - 1) % size)],
      dependencies: [keyOf((index + 1) % size)],
      egress: Array.from({ length: rules }, (__, rule) => ({
        target:
          rule % 2 === 0
            ? { fqdn: `api-${rule}.example.com` }
            : { cidr: `198.51.100.${rule}/32` },
        ports: [443],
      })),
    }),
  );
}

async function egress(suite: Suite) {
  for (const [size, rules] of [
    [20, 5],
    [20, 20],
    [50, 10],
    [200, 50],
  ]) {
    const members = egressRing(size, rules);
    const graph = graphOf(members);
    const any = picker(members);
    await suite.measure({
      name: `compile one member with ${rules} egress rules`,
      size,
      run: () => compile(graph, any()),
    });
  }
}

async function afterCompiling(suite: Suite) {
  const members = realisticFleet(1_000);
  const graph = graphOf(members);
  const objects = members.map(member => compile(graph, member));
  const live = structuredClone(objects);
  let next = 0;
  const at = () => (next = (next + 1) % members.length);
  await suite.measure(
    {
      name: 'lint the policies of one member',
      size: 1_000,
      run: () => objects[at()].map(lintPolicy),
    },
    {
      name: 'plan no write for the policies of one member',
      size: 1_000,
      run: () => {
        const index = at();
        return planPolicyWrites({ wanted: objects[index], live: live[index] });
      },
    },
  );
}

async function main(): Promise<void> {
  const suite = new Suite('policies');
  await singleCompiles(suite);
  await oneChange(suite);
  await waves(suite);
  await dependsAll(suite);
  await egress(suite);
  await afterCompiling(suite);
  suite.finish();
}

void main();
