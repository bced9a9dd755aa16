import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabContext } from '../lab/types.ts';
import { childEnvironment } from './childEnvironment.ts';
import { waitUntil } from './waitUntil.ts';

const LAST_LINES = 15;

/** A process of the lab and how to tell that it is usable. */
export type ProcessOptions = {
  name: string;
  program: string;
  args: string[];
  /** Default: the lab's folder. */
  cwd?: string;
  env?: Record<string, string>;
  isReady: () => Promise<boolean>;
  timeoutMs?: number;
};

/** What a process needs of the lab that it belongs to. */
export type ProcessContext = Pick<
  LabContext,
  'dir' | 'env' | 'log' | 'supervisor' | 'onUnexpectedExit'
>;

/** Starts one process of the lab and waits until it is ready; an early end is reported with its last words. */
export async function startProcess(
  context: ProcessContext,
  options: ProcessOptions,
): Promise<void> {
  const {
    name,
    program,
    args,
    cwd = context.dir,
    env,
    isReady,
    timeoutMs = 60_000,
  } = options;
  const started = Date.now();
  const logs = join(context.dir, 'logs');
  await mkdir(logs, { recursive: true });
  const logFile = join(logs, `${name}.log`);
  const running = await context.supervisor.start({
    name,
    program,
    args,
    cwd,
    env: childEnvironment(context.env, env),
    logFile,
  });
  const waiting = new AbortController();
  const failed = running.exited.then(async reason => {
    throw new Error(
      `${name} ${reason}; its log (${logFile}) ends with:\n${await lastLines(
        logFile,
      )}`,
    );
  });
  try {
    await Promise.race([
      waitUntil(isReady, {
        what: `${name} to become ready`,
        timeoutMs,
        signal: waiting.signal,
      }),
      failed,
    ]);
  } finally {
    waiting.abort();
    // From now on an end of the process is reported by the line below.
    failed.catch(() => {});
  }
  void running.exited.then(reason => context.onUnexpectedExit(name, reason));
  context.log(
    `${name}: ready after ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-LAST_LINES).join('\n');
}
