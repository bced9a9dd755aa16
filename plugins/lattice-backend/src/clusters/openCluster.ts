import { LoggerService } from '@backstage/backend-plugin-api';
import { AccessProxy } from '../access/AccessProxy';
import {
  Leadership,
  LeaseLeadership,
  LeaseTiming,
  noLeadership,
} from '../controllers/leadership';
import { LatticeMetrics } from '../metrics';
import { ChangeSignals } from './ChangeSignals';
import { Clock } from './clock';
import { ClusterConfig, endpointOf } from './ClusterConfig';
import { DefaultClusterConnection } from './DefaultClusterConnection';
import { HttpClusterClient } from './HttpClusterClient';
import { HttpTransport } from './HttpTransport';
import { ResourceWatchTiming } from './watchTiming';

/** What an open cluster shares with the others, and how it is used. */
export interface OpenClusterOptions {
  /** Whether controllers of this process may act on it. */
  readonly isActing: boolean;
  readonly logger: LoggerService;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: LatticeMetrics;
  readonly proxy: AccessProxy;
  readonly watchTiming?: ResourceWatchTiming;
  readonly leaseTiming?: LeaseTiming;
  /** Called a little after changes of any cache, and always after the last one. */
  readonly onChange: () => void;
}

/** One cluster, ready to be started. */
export interface OpenCluster {
  readonly connection: DefaultClusterConnection;
  readonly leadership: Leadership;
  readonly signals: ChangeSignals;
}

interface Transports {
  /** For the caches. */
  readonly read: HttpTransport;
  /** For requests, writes and helm. */
  readonly act: HttpTransport;
}

/**
 * Opens a cluster without contacting it. Where nobody acts, the credential for acting is not loaded and every write is
 * refused before it is sent.
 *
 * @throws Error for people when the configuration cannot be used; never with credentials in it.
 */
export function openCluster(
  config: ClusterConfig,
  options: OpenClusterOptions,
): OpenCluster {
  const { isActing, watchTiming, leaseTiming, onChange, ...shared } = options;
  const { read, act } = openTransports(config, options);
  const client = new HttpClusterClient({
    cluster: config.name,
    transport: act,
    isReadOnly: !isActing,
  });
  const leadership = isActing
    ? new LeaseLeadership({ ...shared, client, timing: leaseTiming })
    : noLeadership();
  const signals = new ChangeSignals(options.clock, onChange);
  const connection = new DefaultClusterConnection({
    ...shared,
    name: config.name,
    mode: config.mode,
    client,
    transport: act,
    readTransport: read,
    leadership,
    timing: watchTiming,
    onRevision: () => signals.notify(),
  });
  return { connection, leadership, signals };
}

function openTransports(
  config: ClusterConfig,
  { isActing, clock }: OpenClusterOptions,
): Transports {
  const read = new HttpTransport(endpointOf(config, 'read'), clock);
  return isActing && config.auth
    ? { read, act: new HttpTransport(endpointOf(config, 'reconcile'), clock) }
    : { read, act: read };
}
