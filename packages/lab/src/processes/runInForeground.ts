import type { Log } from '../parts/types.ts';

/** What a foreground command is given to work with. */
export interface Foreground {
  /** One line of progress, with the time elapsed. */
  readonly log: Log;
  /** What to do on Ctrl-C, SIGTERM or failure; the last one added goes first. */
  onStop(stop: () => Promise<void>): void;
  /** Ends the command with the reason and a non-zero status. */
  fail(reason: string): void;
}

/**
 * Runs a command until it is told to stop: `start` makes everything ready, then it stays. Ctrl-C and SIGTERM stop
 * whatever was started and exit with 0; a failure, then or later, exits with 1 and its reason.
 */
export async function runInForeground(
  start: (foreground: Foreground) => Promise<void>,
): Promise<void> {
  const startedAtMs = Date.now();
  const stops: (() => Promise<void>)[] = [];
  let isStopping = false;
  const stopAll = async (code: number): Promise<void> => {
    if (isStopping) {
      return;
    }
    isStopping = true;
    for (const stop of stops.reverse()) {
      await stop().catch((error: unknown) => {
        process.stderr.write(`Stopping: ${messageOf(error)}\n`);
      });
    }
    process.exit(code);
  };
  const fail = (reason: string): void => {
    if (!isStopping) {
      process.stderr.write(`Failed: ${reason}\n`);
      void stopAll(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.stdout.write(`\nStopping (${signal}) ...\n`);
      void stopAll(0);
    });
  }
  const log: Log = line => {
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    process.stdout.write(`[${String(seconds).padStart(4)} s] ${line}\n`);
  };
  try {
    await start({ log, onStop: stop => stops.push(stop), fail });
  } catch (error) {
    fail(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
