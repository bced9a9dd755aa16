/** Counts what acts on a cluster at this moment. */
export class WorkUnderWay {
  #count = 0;

  get isIdle(): boolean {
    return this.#count === 0;
  }

  /** Something begins; the returned function says that it has ended. */
  begin(): () => void {
    this.#count += 1;
    let isUnderWay = true;
    return () => {
      if (isUnderWay) {
        isUnderWay = false;
        this.#count -= 1;
      }
    };
  }
}
