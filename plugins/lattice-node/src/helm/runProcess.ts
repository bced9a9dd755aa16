import { spawn, ChildProcess } from 'node:child_process';

/** What to run. Secrets go over `stdin` only: arguments and environment of a process are readable by others. */
export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Wall-clock limit; the whole process group is killed after it. */
  readonly timeoutMs: number;
  /** Ends the whole process group at once. */
  readonly signal?: AbortSignal;
  /** Cap for each of the two outputs. What is over it is dropped and `truncated` set. */
  readonly maxOutputBytes: number;
}

/** How a child ended. A non-zero exit code is an outcome, not an exception. */
export interface ProcessResult {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly aborted: boolean;
}

/** The program could not be started at all. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
}

class CappedOutput {
  truncated = false;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  push(chunk: Buffer): void {
    const room = this.maxBytes - this.#size;
    if (chunk.length > room) {
      this.truncated = true;
    }
    if (room > 0) {
      const kept = chunk.subarray(0, room);
      this.#chunks.push(kept);
      this.#size += kept.length;
    }
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/**
 * Runs one program without a shell, in a process group of its own, so that its grandchildren end with it.
 * Resolves only when the group's leader has ended; rejects only when it could not be started.
 */
export async function runProcess(
  request: ProcessRequest,
): Promise<ProcessResult> {
  if (request.signal?.aborted) {
    throw new ProcessStartError(
      `${request.file} was not started: the work was called off.`,
    );
  }
  const child = spawn(request.file, [...request.args], {
    cwd: request.cwd,
    env: { ...request.env },
    shell: false,
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return await followChild(child, request);
}

function followChild(
  child: ChildProcess,
  request: ProcessRequest,
): Promise<ProcessResult> {
  const stdout = new CappedOutput(request.maxOutputBytes);
  const stderr = new CappedOutput(request.maxOutputBytes);
  let timedOut = false;
  let aborted = false;
  child.stdout?.on('data', chunk => stdout.push(chunk));
  child.stderr?.on('data', chunk => stderr.push(chunk));
  // A child that ends before it has read everything breaks the pipe; its exit code tells the story.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(request.stdin ?? '');

  return new Promise((resolve, reject) => {
    const onAbort = () => {
      aborted = true;
      killGroup(child);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, request.timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });
    child.once('error', error => {
      settle();
      reject(
        new ProcessStartError(
          `${request.file} could not be started (${
            (error as NodeJS.ErrnoException).code ?? error.name
          }).`,
        ),
      );
    });
    // A grandchild that holds the pipes open would delay `close` for ever: the group ends with its leader.
    child.once('exit', () => killGroup(child));
    child.once('close', code => {
      settle();
      resolve({
        exitCode: code ?? undefined,
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.truncated || stderr.truncated,
        timedOut,
        aborted,
      });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the group has ended already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
