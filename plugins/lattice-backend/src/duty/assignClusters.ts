import { createHash } from 'node:crypto';

/** For each cluster, the replicas that could act on it. */
export type Candidates = ReadonlyMap<string, readonly string[]>;

interface Bid {
  readonly cluster: string;
  readonly replica: string;
  readonly weight: number;
}

/**
 * Shares clusters evenly among replicas: with the same input every replica comes to the same answer, whatever the
 * order, loads differ by one at most where all could act on all, and most clusters stay where they are when a replica
 * comes or goes (highest random weight with a capacity). Pure.
 */
export function assignClusters(candidates: Candidates): Map<string, string> {
  const bids = sortedBids(candidates);
  const replicas = new Set(bids.map(({ replica }) => replica));
  const clusters = new Set(bids.map(({ cluster }) => cluster));
  const share = Math.floor(clusters.size / replicas.size);
  let extras = clusters.size % replicas.size;
  const loads = new Map<string, number>();
  const assigned = new Map<string, string>();
  const take = ({ cluster, replica }: Bid) => {
    assigned.set(cluster, replica);
    loads.set(replica, loadOf(loads, replica) + 1);
  };
  for (const bid of bids) {
    const load = loadOf(loads, bid.replica);
    const isExtra = load === share && extras > 0;
    if (!assigned.has(bid.cluster) && (load < share || isExtra)) {
      extras -= isExtra ? 1 : 0;
      take(bid);
    }
  }
  // Clusters that only full replicas can reach.
  for (const cluster of [...clusters].filter(it => !assigned.has(it)).sort()) {
    const own = bids.filter(bid => bid.cluster === cluster);
    const least = Math.min(...own.map(bid => loadOf(loads, bid.replica)));
    const winner = own.find(bid => loadOf(loads, bid.replica) === least);
    if (winner) {
      take(winner);
    }
  }
  return assigned;
}

function sortedBids(candidates: Candidates): Bid[] {
  const bids = [...candidates].flatMap(([cluster, replicas]) =>
    [...new Set(replicas)].map(replica => ({
      cluster,
      replica,
      weight: weightOf(cluster, replica),
    })),
  );
  return bids.sort(
    (a, b) =>
      b.weight - a.weight ||
      compare(a.cluster, b.cluster) ||
      compare(a.replica, b.replica),
  );
}

function weightOf(cluster: string, replica: string): number {
  const hash = createHash('sha256').update(JSON.stringify([cluster, replica]));
  return hash.digest().readUIntBE(0, 6);
}

function loadOf(loads: ReadonlyMap<string, number>, replica: string): number {
  return loads.get(replica) ?? 0;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
