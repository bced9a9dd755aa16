/**
 * Which replica does what leaves the process for a cluster: notifications, history, findings, events, signals. Other
 * than leadership it gives no right to write to the cluster.
 */
export interface Duty {
  /** Whether it is this process, at this very moment. */
  isOnDuty(cluster: string): boolean;
}
