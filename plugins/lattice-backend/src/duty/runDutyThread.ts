import { parentPort } from 'node:worker_threads';
import { serveDuty } from './serveDuty';

/** Runs the elections in the worker thread that calls it. */
export function runDutyThread(settings: {
  readonly pulse: SharedArrayBuffer;
  readonly silenceMs: number;
}): void {
  const port = parentPort;
  if (!port) {
    throw new Error('this is not a worker thread');
  }
  serveDuty({
    pulse: settings.pulse,
    silenceMs: settings.silenceMs,
    port: {
      post: report => port.postMessage(report),
      onMessage: listener => port.on('message', listener),
    },
  });
}
