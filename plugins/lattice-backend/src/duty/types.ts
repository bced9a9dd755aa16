/**
 * Which replica does what leaves the process for a cluster: notifications, history, findings, events, signals. Other
 * than leadership it gives no right to write to the cluster.
 */
export interface Duty {
  /** Whether it is this process, at this very moment. */
  isOnDuty(cluster: string): boolean;
  /**
   * Told the name of a cluster when it becomes this process: what happened while nobody was on duty is its to catch up
   * with. Returns the function that unsubscribes.
   */
  onBegin(listener: (cluster: string) => void): () => void;
}
