import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock } from '../clusters/clock';
import { Leadership } from '../controllers/leadershipTypes';
import { DutyPort, DutyReport, DutyRequest } from './messages';
import { pairPorts } from './pairPorts';
import { DutyCluster, RoomLeadership } from './RoomLeadership';
import { serveDuty } from './serveDuty';
import { Pulse, shareNumbers } from './sharedMemory';
import {
  DutyThread,
  DutyThreadOptions,
  startDutyThread,
} from './startDutyThread';
import { threadClock } from './threadClock';

/** What the elections of a process are built from. */
export interface DutyRoomOptions {
  readonly logger: LoggerService;
  /** Set to run them in a thread of their own; else they run in this one. */
  readonly thread?: DutyThreadOptions;
  /** Who this process is on the Leases; unique unless told. */
  readonly identity?: string;
  /** For tests, and only without a thread. */
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly silenceMs?: number;
}

const BEAT_MS = 250;
/** Far above any pause of a healthy process, and long enough that a Lease is not lost to a slow collection. */
const SILENCE_MS = 20_000;

type Port = DutyPort<DutyRequest, DutyReport>;

/**
 * Where the elections of this process run: in a worker thread, so that a main thread that computes for seconds loses no
 * Lease, or, where no thread can be started, in the main thread.
 */
export class DutyRoom {
  readonly #options: DutyRoomOptions;
  readonly #identity: string;
  readonly #clock: Clock;
  readonly #memory = shareNumbers(Pulse.NUMBERS);
  readonly #pulse = new Pulse(this.#memory);
  readonly #leaderships = new Map<string, RoomLeadership>();
  #port: Port | undefined;
  #thread: DutyThread | undefined;
  #cancelBeat: () => void = () => undefined;
  #isClosed = false;

  constructor(options: DutyRoomOptions) {
    this.#options = options;
    this.#identity = options.identity ?? `${hostname()}_${randomUUID()}`;
    this.#clock = (options.thread ? undefined : options.clock) ?? threadClock;
  }

  /** Who this process is. */
  get identity(): string {
    return this.#identity;
  }

  /** The leadership of one cluster. Nothing happens before its start. */
  leadershipOf(cluster: DutyCluster): Leadership {
    const leadership = new RoomLeadership({
      cluster,
      identity: this.#identity,
      clock: this.#clock,
      post: request => this.#post(request),
    });
    this.#leaderships.set(cluster.name, leadership);
    return leadership;
  }

  /** Gives up every Lease and ends the thread. */
  async close(): Promise<void> {
    await Promise.all([...this.#leaderships.values()].map(it => it.stop()));
    this.#isClosed = true;
    this.#cancelBeat();
    await this.#thread?.close();
  }

  /** Ends the thread as if it had failed; for tests. */
  async endThread(): Promise<void> {
    await this.#thread?.terminate();
  }

  #post(request: DutyRequest): void {
    this.#port ??= this.#open();
    this.#port.post(request);
  }

  #open(): Port {
    this.#beat();
    const { thread } = this.#options;
    return thread ? this.#openThread(thread) : this.#openHere();
  }

  #openThread(settings: DutyThreadOptions): Port {
    const thread = startDutyThread({
      ...settings,
      pulse: this.#memory,
      silenceMs: this.#options.silenceMs ?? SILENCE_MS,
      onEnd: reason => this.#replaceThread(reason),
    });
    this.#thread = thread;
    thread.port.onMessage(report => this.#note(report));
    return thread.port;
  }

  #openHere(): Port {
    const [here, there] = pairPorts<DutyRequest, DutyReport>();
    here.onMessage(report => this.#note(report));
    serveDuty({
      port: there,
      pulse: this.#memory,
      silenceMs: this.#options.silenceMs ?? SILENCE_MS,
      clock: this.#clock,
      random: this.#options.random,
    });
    return here;
  }

  /** Goes on here, under the same identity, so that nothing is lost. */
  #replaceThread(reason: string): void {
    this.#thread = undefined;
    if (this.#isClosed) {
      return;
    }
    this.#options.logger.warn(
      `Leases are renewed in the main thread, where long computations may delay it: ${reason}`,
    );
    this.#port = this.#openHere();
    this.#leaderships.forEach(leadership => leadership.reopen());
  }

  #note(report: DutyReport): void {
    if (report.type === 'log') {
      this.#options.logger[report.level](report.message, {
        cluster: report.cluster,
      });
    } else if (report.type !== 'ready') {
      this.#leaderships.get(report.cluster)?.note(report);
    }
  }

  #beat(): void {
    this.#pulse.beat(this.#clock.monotonic());
    this.#leaderships.forEach(leadership => leadership.check());
    this.#cancelBeat = this.#clock.setTimer(() => this.#beat(), BEAT_MS);
  }
}
