import { Clock } from '../clusters/clock';
import { Election } from './Election';
import { DutyPort, DutyReport, DutyRequest } from './messages';
import { Pulse } from './sharedMemory';
import { Sharing } from './Sharing';
import { threadClock } from './threadClock';

/** What the elections of one process are run with. */
export interface ServeDutyOptions {
  readonly port: DutyPort<DutyReport, DutyRequest>;
  /** Memory of the pulse of the thread that acts. */
  readonly pulse: SharedArrayBuffer;
  /** Nothing is renewed while the pulse has been silent for so long. */
  readonly silenceMs: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * Runs the elections of a process, wherever it is called: in a thread of its own, where a busy main thread does not
 * delay a renewal, or, where there is none, in the main thread.
 */
export function serveDuty(options: ServeDutyOptions): void {
  const { port, silenceMs, clock = threadClock } = options;
  const { random = Math.random } = options;
  const pulse = new Pulse(options.pulse);
  const elections = new Map<string, Election>();
  let sharing: Sharing | undefined;
  port.onMessage(request => {
    const { type, cluster } = request;
    if (type === 'open') {
      sharing ??= new Sharing(request.identity);
      const election = new Election(request, {
        post: report => port.post(report),
        sharing,
        isMainAlive: () => pulse.silentMs(clock.monotonic()) < silenceMs,
        clock,
        random,
      });
      elections.set(cluster, election);
      election.start();
      return;
    }
    const election = elections.get(cluster);
    if (type === 'credentials') {
      election?.setCredentials(request.answer);
    } else if (type === 'handOver') {
      void election?.handOver();
    } else {
      elections.delete(cluster);
      void Promise.resolve(election?.stop()).then(() =>
        port.post({ type: 'stopped', cluster }),
      );
    }
  });
  port.post({ type: 'ready' });
}
