import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { EndpointCredentials } from '../clusters/endpoint';
import { HttpClusterClient } from '../clusters/HttpClusterClient';
import { HttpTransport } from '../clusters/HttpTransport';
import { LeaseLeadership } from '../controllers/LeaseLeadership';
import { CredentialAnswer, DutyReport, DutyRequest } from './messages';
import { Presence } from './Presence';
import { SharedLeaseCell } from './sharedMemory';
import { ClusterShare, Sharing } from './Sharing';
import { SharingTiming, sharingTimingOf } from './sharingTiming';

/** Asks for the election of one cluster. */
export type OpenRequest = DutyRequest & { readonly type: 'open' };

/** What an election shares with the others of its process. */
export interface ElectionSettings {
  readonly post: (report: DutyReport) => void;
  readonly sharing: Sharing;
  /** Nothing is renewed while it says no. */
  readonly isMainAlive: () => boolean;
  readonly clock: Clock;
  readonly random: () => number;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** The election of one cluster: its Lease and this replica's presence. */
export class Election {
  readonly #cluster: string;
  readonly #post: (report: DutyReport) => void;
  readonly #transport: HttpTransport;
  readonly #leadership: LeaseLeadership;
  readonly #presence: Presence;
  readonly #share: ClusterShare;
  readonly #timing: SharingTiming;
  #answer: CredentialAnswer;
  #toldError: string | undefined;

  constructor(request: OpenRequest, settings: ElectionSettings) {
    const { sharing, isMainAlive, clock, random } = settings;
    const { cluster, id, identity } = request;
    this.#cluster = cluster;
    this.#post = settings.post;
    this.#answer = request.answer;
    this.#timing = sharingTimingOf(request.timing);
    this.#transport = new HttpTransport(
      {
        server: new URL(request.server),
        skipsTlsVerification: false,
        credentials: async () => this.#credentials(),
      },
      clock,
    );
    const client = new HttpClusterClient({
      cluster,
      transport: this.#transport,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    const logger = reportingLogger(cluster, this.#post);
    this.#share = new ClusterShare({
      sharing,
      cluster: id,
      clock,
      timing: this.#timing,
      onHandOverWish: () => this.#post({ type: 'handOverWish', cluster }),
    });
    this.#leadership = new LeaseLeadership({
      client,
      logger,
      identity,
      timing: request.timing,
      clock,
      random,
      cell: new SharedLeaseCell(request.cell),
      share: this.#share,
      mayRenew: isMainAlive,
      onRound: failure => this.#noteRound(failure),
    });
    this.#leadership.onChange(() => this.#tell());
    this.#presence = new Presence({
      client,
      identity,
      timing: this.#timing,
      clock,
      random,
      logger,
      mayAnnounce: isMainAlive,
      onReplicas: replicas => sharing.noteReplicas(id, replicas),
    });
  }

  /** Who else is there is asked first, so that a replica that joins does not take everything. */
  start(): void {
    void this.#presence.start().then(() => this.#leadership.start());
  }

  setCredentials(answer: CredentialAnswer): void {
    this.#answer = answer; // The transport asks again after half a minute, and after each 401.
  }

  async handOver(): Promise<void> {
    this.#share.noteHandOver();
    await this.#leadership.handOver(this.#timing.abstainMs);
    this.#post({ type: 'handedOver', cluster: this.#cluster });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#leadership.stop(), this.#presence.stop()]);
    await this.#transport.close();
  }

  #credentials(): EndpointCredentials {
    if ('failure' in this.#answer) {
      const { message, code } = this.#answer.failure;
      throw Object.assign(new Error(message), { code });
    }
    return this.#answer.credentials;
  }

  #noteRound(failure: unknown): void {
    if (isClusterError(failure, 'Unauthorized')) {
      this.#post({ type: 'credentialsRefused', cluster: this.#cluster });
    }
    if (this.#leadership.error !== this.#toldError) {
      this.#tell();
    }
  }

  #tell(): void {
    const { error } = this.#leadership;
    this.#toldError = error;
    this.#post({ type: 'state', cluster: this.#cluster, error });
  }
}

/** Sends warnings to whoever keeps the log; a change of the holder is told there by the deadline itself. */
function reportingLogger(
  cluster: string,
  post: (report: DutyReport) => void,
): LoggerService {
  const at = (level: 'warn' | 'debug') => (message: string) =>
    post({ type: 'log', cluster, level, message });
  const logger: LoggerService = {
    error: at('warn'),
    warn: at('warn'),
    info: () => undefined,
    debug: at('debug'),
    child: () => logger,
  };
  return logger;
}
