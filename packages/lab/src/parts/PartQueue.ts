import { PARTS } from './catalogue.ts';
import type { PartName, ReadyPart } from './types.ts';

/** How one part is made ready. */
export type EnsurePart = (name: PartName) => Promise<ReadyPart>;

/**
 * Makes the parts of one lab ready, each once and one after the other in the order of the catalogue: what is needed
 * first gets the whole machine. A part that fails does not keep the others back.
 */
export class PartQueue {
  private readonly parts = new Map<PartName, Promise<ReadyPart>>();
  private readonly ensure: EnsurePart;
  private last: Promise<unknown> = Promise.resolve();

  constructor(ensure: EnsurePart) {
    this.ensure = ensure;
  }

  /** Queues parts that will be asked for. */
  expect(names: Iterable<PartName>): void {
    const wanted = new Set(names);
    for (const { name } of PARTS) {
      if (wanted.has(name) && !this.parts.has(name)) {
        const part = this.last.then(() => this.ensure(name));
        this.parts.set(name, part);
        // The failure reaches whoever asks for this part.
        this.last = part.catch(() => {});
      }
    }
  }

  /** The part, when it is ready. */
  get(name: PartName): Promise<ReadyPart> {
    this.expect([name]);
    return this.parts.get(name) as Promise<ReadyPart>;
  }
}
