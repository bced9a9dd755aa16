import { Leadership } from './leadershipTypes';

export { LeaseLeadership } from './LeaseLeadership';
export type { LeaseLeadershipOptions } from './LeaseLeadership';
export {
  DEFAULT_LEASE_TIMING,
  LATTICE_NAMESPACE,
  LEASE_NAME,
} from './leadershipTypes';
export type { Leadership, LeaseTiming } from './leadershipTypes';

/** Leadership of a cluster that is only observed: nobody's, and no Lease is ever written. */
export function noLeadership(): Leadership {
  return {
    isLeader: () => false,
    deadlineMs: () => 0,
    term: undefined,
    error: undefined,
    onChange: () => () => undefined,
    start: () => undefined,
    stop: async () => undefined,
  };
}
