import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DutyPort, DutyReport, DutyRequest } from './messages';
import { runDutyThread } from './runDutyThread';

/** How the thread is started. */
export interface DutyThreadOptions {
  /** Node's own arguments; those of this process unless told. For tests, whose loader reaches no thread. */
  readonly execArgv?: readonly string[];
}

/** A thread that runs the elections. */
export interface DutyThread {
  readonly port: DutyPort<DutyRequest, DutyReport>;
  close(): Promise<void>;
  /** Ends it as a failure would. */
  terminate(): Promise<unknown>;
}

/** It holds a few Leases: what needs more leaks, and is better ended. */
const MEMORY_LIMIT_MB = 128;

/**
 * Loads the module that this process would load, by `require`, so that a hook for TypeScript works as it does here. Its
 * name is that of this module but for its own part, be it `.ts` or `.cjs.js`; that it is imported here as well makes it
 * part of what is built.
 */
const BOOTSTRAP = `
  const { workerData } = require('node:worker_threads');
  require(workerData.entry)[workerData.run](workerData);
`;

/** Starts the thread. `onEnd` is called once when it ends without having been closed, also when it never began. */
export function startDutyThread(
  options: DutyThreadOptions & {
    readonly pulse: SharedArrayBuffer;
    readonly silenceMs: number;
    readonly onEnd: (reason: string) => void;
  },
): DutyThread {
  const { pulse, silenceMs, execArgv, onEnd } = options;
  const worker = new Worker(BOOTSTRAP, {
    eval: true,
    name: 'lattice-duty',
    execArgv: execArgv ? [...execArgv] : undefined,
    workerData: {
      entry: entryPath(),
      run: runDutyThread.name,
      pulse,
      silenceMs,
    },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
  });
  worker.unref();
  let isClosed = false;
  let reason = 'the thread for it has ended';
  worker.on('error', error => {
    reason = `the thread for it failed: ${error.message}`;
  });
  worker.on('exit', () => {
    if (!isClosed) {
      isClosed = true;
      onEnd(reason);
    }
  });
  return {
    port: {
      post: message => worker.postMessage(message),
      onMessage: listener => worker.on('message', listener),
    },
    async close() {
      isClosed = true;
      await worker.terminate();
    },
    terminate: () => worker.terminate(),
  };
}

/** Built or not, it lies beside this module. */
function entryPath(): string {
  const [, ...suffix] = basename(__filename).split('.');
  return join(dirname(__filename), ['runDutyThread', ...suffix].join('.'));
}
