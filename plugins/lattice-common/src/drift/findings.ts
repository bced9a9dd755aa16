import { Endpoint } from './endpoints';
import { DriftFinding, DriftSource } from './types';

/** A finding before the endpoints that show it are gathered. */
export type Draft = Omit<DriftFinding, 'pods' | 'seenIn'>;

interface Entry {
  draft: Draft;
  pods: Set<string>;
  seenIn: Set<DriftSource>;
}

/** Gathers what several endpoints show alike into one finding. */
export class Findings {
  readonly #byId = new Map<string, Entry>();

  /** Whether a finding is known already; its endpoints are noted. */
  note(id: string, endpoints: readonly Endpoint[]): boolean {
    const entry = this.#byId.get(id);
    if (!entry) {
      return false;
    }
    for (const { pods, source } of endpoints) {
      pods.forEach(pod => entry.pods.add(pod));
      entry.seenIn.add(source);
    }
    return true;
  }

  add(draft: Draft, endpoints: readonly Endpoint[]): void {
    if (!this.#byId.has(draft.id)) {
      this.#byId.set(draft.id, { draft, pods: new Set(), seenIn: new Set() });
    }
    this.note(draft.id, endpoints);
  }

  /** Sorted by id, so that equal worlds give equal lists. */
  list(): DriftFinding[] {
    return [...this.#byId.values()]
      .map(({ draft, pods, seenIn }) => ({
        ...draft,
        pods: [...pods].sort(),
        seenIn: [...seenIn].sort(),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  }
}

/** Parts of an id, told apart whatever they hold. */
export function findingId(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join(':');
}
