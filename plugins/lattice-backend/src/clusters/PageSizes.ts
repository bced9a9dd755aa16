/** A page is parsed in one turn of the event loop; about this much takes a few milliseconds. */
const PAGE_BYTES = 400_000;
const FIRST_SIZE = 200;
const SMALLEST_SIZE = 20;
/** What other clients of API servers ask for. */
const LARGEST_SIZE = 500;

/**
 * How many objects of a kind to ask for at once: fewer where they are large. Learned from the pages that came; the size
 * stays the same within one list, as its continuation asks for the same parameters.
 */
export class PageSizes {
  readonly #bytesPerObject = new Map<string, number>();

  sizeOf(kind: string): number {
    const bytes = this.#bytesPerObject.get(kind);
    return bytes === undefined
      ? FIRST_SIZE
      : Math.min(
          LARGEST_SIZE,
          Math.max(SMALLEST_SIZE, Math.floor(PAGE_BYTES / bytes)),
        );
  }

  learn(kind: string, page: { objects: number; bytes: number }): void {
    if (page.objects > 0) {
      this.#bytesPerObject.set(kind, page.bytes / page.objects);
    }
  }
}
