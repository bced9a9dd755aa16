import { LoggerService } from '@backstage/backend-plugin-api';
import { DEFAULT_PROFILE } from '@lattice-portal/backstage-plugin-lattice-common';
import { AccessProxy } from '../access/AccessProxy';
import {
  DEFAULT_LEASE_TIMING,
  Leadership,
  LeaseTiming,
  noLeadership,
} from '../controllers/leadership';
import { DutyRoom } from '../duty/DutyRoom';
import { LatticeMetrics } from '../metrics';
import { ChangeSignals } from './ChangeSignals';
import { Clock } from './clock';
import { ClusterConfig, endpointOf } from './ClusterConfig';
import { DefaultClusterConnection } from './DefaultClusterConnection';
import { ClusterEndpoint } from './endpoint';
import { HttpClusterClient } from './HttpClusterClient';
import { HttpTransport } from './HttpTransport';
import { ResourceWatchTiming } from './watchTiming';
import { WorkUnderWay } from './WorkUnderWay';

/** What an open cluster shares with the others, and how it is used. */
export interface OpenClusterOptions {
  /** Whether controllers of this process may act on it. */
  readonly isActing: boolean;
  readonly logger: LoggerService;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: LatticeMetrics;
  readonly proxy: AccessProxy;
  /** Where the election of the cluster is run. */
  readonly duty: DutyRoom;
  /** What replicas call the cluster among themselves; known when its leadership starts. */
  readonly id: () => string;
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

interface Endpoints {
  /** For the caches. */
  readonly read: ClusterEndpoint;
  /** For requests, writes, helm and the Lease; the same unless there is a credential of its own for it. */
  readonly act: ClusterEndpoint;
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
  const { isActing, watchTiming, leaseTiming, onChange, duty, id, ...shared } =
    options;
  const endpoints = endpointsOf(config, isActing);
  const read = new HttpTransport(endpoints.read, options.clock);
  const act =
    endpoints.act === endpoints.read
      ? read
      : new HttpTransport(endpoints.act, options.clock);
  const client = new HttpClusterClient({
    cluster: config.name,
    transport: act,
    isReadOnly: !isActing,
  });
  const work = new WorkUnderWay();
  const leadership = isActing
    ? duty.leadershipOf({
        name: config.name,
        id,
        endpoint: endpoints.act,
        timing: leaseTiming ?? DEFAULT_LEASE_TIMING,
        isIdle: () => work.isIdle,
        logger: options.logger,
        metrics: options.metrics,
      })
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
    work,
    timing: watchTiming,
    rootNamespace: (config.profile ?? DEFAULT_PROFILE).rootNamespace,
    onRevision: () => signals.notify(),
  });
  return { connection, leadership, signals };
}

function endpointsOf(config: ClusterConfig, isActing: boolean): Endpoints {
  const read = endpointOf(config, 'read');
  const hasOwn = isActing && config.auth !== undefined;
  return { read, act: hasOwn ? endpointOf(config, 'reconcile') : read };
}
