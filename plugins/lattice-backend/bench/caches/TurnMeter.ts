/**
 * Longest turn of the event loop in processor time of the main thread: what other processes of a busy machine take
 * away does not count. It keeps the loop turning while it measures.
 */
export class TurnMeter {
  #longestUs = 0;
  #isOn = false;

  start(): void {
    this.#longestUs = 0;
    this.#isOn = true;
    let before = process.threadCpuUsage();
    const turn = () => {
      const { user, system } = process.threadCpuUsage(before);
      this.#longestUs = Math.max(this.#longestUs, user + system);
      before = process.threadCpuUsage();
      if (this.#isOn) {
        setImmediate(turn);
      }
    };
    setImmediate(turn);
  }

  /** Milliseconds. */
  stop(): number {
    this.#isOn = false;
    return Number((this.#longestUs / 1000).toFixed(1));
  }
}
