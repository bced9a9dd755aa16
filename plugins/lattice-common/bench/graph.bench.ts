/** What the graph of agreements costs as the fleet grows. */
import { AgreementGraph, LatticeMember } from '../src';
import {
  graphOf,
  keyOf,
  readMember,
  realisticFleet,
  seeded,
  starFleet,
} from './fleets';
import { Suite } from './measure';

const SIZES = [100, 1_000, 10_000, 50_000];
/** It gives a range from the empty to the largest graph. */
const ADDITION_REFERENCE: Record<number, number> = { 0: 0.6, 50_000: 1.6 };

/** As the reference measures it: a service that declares nothing yet. */
async function additions(suite: Suite) {
  const bare = Array.from({ length: 1_000 }, (_, index) =>
    readMember({ namespace: 'new', name: `added-${index}` }),
  );
  for (const size of [0, ...SIZES]) {
    const graph = graphOf(realisticFleet(size));
    let next = 0;
    await suite.measure({
      name: 'add a service without agreements',
      size,
      referenceUs: ADDITION_REFERENCE[size],
      run: () => {
        // Now and then all of them are taken out again, so that the graph stays near its size.
        if (next === bare.length) {
          bare.forEach(({ metadata }) => graph.remove(metadata));
          next = 0;
        }
        next += 1;
        return graph.set(bare[next - 1]);
      },
    });
  }
}

async function comings(suite: Suite) {
  for (const size of SIZES) {
    const members = realisticFleet(size);
    const graph = graphOf(members);
    const random = seeded(7);
    await suite.measure({
      name: 'remove a service with its agreements and add it again',
      size,
      run: () => {
        const member = members[Math.floor(random() * size)];
        graph.remove(member.metadata);
        return graph.set(member);
      },
    });
  }
}

async function hubs(suite: Suite) {
  for (const callers of [10, 100, 500, 1_000, 10_000]) {
    const graph = graphOf(starFleet(callers));
    const hub = keyOf(0);
    await suite.measure(
      {
        name: 'inbound agreements of a hub',
        size: callers,
        referenceUs: callers === 500 ? 274 : undefined,
        run: () => graph.edgesOf(hub),
      },
      {
        name: 'neighbours of a hub',
        size: callers,
        run: () => graph.neighboursOf(hub),
      },
    );
  }
}

async function building(suite: Suite) {
  for (const size of SIZES) {
    const members: LatticeMember[] = realisticFleet(size);
    await suite.measure({
      name: 'build the graph of a fleet',
      size,
      run: () => graphOf(members),
    });
  }
}

async function wildcards(suite: Suite) {
  for (const size of [100, 500, 1_000]) {
    const graph = new AgreementGraph();
    for (let index = 0; index < size; index++) {
      graph.set(readMember(keyOf(index), { allowedCallers: [{ name: '*' }] }));
      graph.set(readMember(keyOf(size + index), { dependsAll: true }));
    }
    let round = 0;
    await suite.measure({
      name: 'change one that allows everybody, among as many that ask for everything',
      size,
      run: () => {
        round += 1;
        return graph.set(
          readMember(keyOf(0), {
            allowedCallers: [{ name: '*' }],
            serviceAccount: `account-${round}`,
          }),
        );
      },
    });
  }
}

async function main(): Promise<void> {
  const suite = new Suite('graph');
  await additions(suite);
  await comings(suite);
  await hubs(suite);
  await building(suite);
  await wildcards(suite);
  suite.finish();
}

void main();
