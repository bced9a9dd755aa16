import { writeFile } from 'node:fs/promises';

/** Writes one line to stdout, with the time; a lab process's stdout is its log file. */
export function logLine(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/**
 * Runs the work of a process of ours until SIGTERM or SIGINT. The work calls its second argument once when it is ready,
 * which creates the file that the lab waits for.
 */
export function runUntilStopped(
  readyFile: string,
  work: (signal: AbortSignal, onReady: () => void) => Promise<void>,
): void {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => stopping.abort());
  }
  const onReady = () => {
    writeFile(readyFile, '').catch((error: unknown) =>
      logLine(`ready file: ${String(error)}`),
    );
  };
  work(stopping.signal, onReady).then(
    () => process.exit(0),
    (error: unknown) => {
      logLine(
        error instanceof Error ? error.stack ?? error.message : String(error),
      );
      process.exit(1);
    },
  );
}
