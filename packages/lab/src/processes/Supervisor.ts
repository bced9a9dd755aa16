import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { labPackageDir } from '../parts/paths.ts';
import { childEnvironment } from './childEnvironment.ts';
import type {
  StartRequest,
  SupervisorEvent,
  SupervisorRequest,
} from './messages.ts';
import { nodeArguments } from './nodeArguments.ts';

/** A process that was started; `exited` resolves when it has ended, with the reason. */
export type RunningProcess = {
  name: string;
  pid: number;
  exited: Promise<string>;
};

type Tracked = {
  running?: RunningProcess;
  onStarted: (running: RunningProcess) => void;
  onFailed: (error: Error) => void;
  markExited: (reason: string) => void;
  exited: Promise<string>;
};

/**
 * The lab's side of its supervisor process. Everything started through it ends with it, and it ends with this process.
 */
export class Supervisor {
  private readonly tracked = new Map<string, Tracked>();
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  /** The folder only tells people, in a list of processes, to which lab this one belongs. */
  constructor(env: NodeJS.ProcessEnv, dir: string) {
    const main = join(labPackageDir(), 'src/processes/supervisorMain.ts');
    this.child = spawn(process.execPath, [...nodeArguments(), main, dir], {
      detached: true,
      env: childEnvironment(env),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise(resolve => {
      this.child.on('error', () => resolve());
      this.child.on('exit', () => resolve());
    });
    this.child.stdin?.on('error', () => {});
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', line =>
        this.onEvent(line),
      );
    }
    this.child.on('exit', () => this.onSupervisorGone());
  }

  /** Process id of the supervisor itself. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Process ids of everything that runs, by name. */
  pids(): Record<string, number> {
    const entries = [...this.tracked].flatMap(([name, { running }]) =>
      running ? [[name, running.pid] as const] : [],
    );
    return Object.fromEntries(entries);
  }

  /** Starts a process; rejects when it cannot be started at all. */
  async start(request: Omit<StartRequest, 'type'>): Promise<RunningProcess> {
    if (this.tracked.has(request.name)) {
      throw new Error(`'${request.name}' runs already`);
    }
    let markExited: (reason: string) => void = () => {};
    const exited = new Promise<string>(resolve => {
      markExited = resolve;
    });
    return new Promise((onStarted, onFailed) => {
      this.tracked.set(request.name, {
        onStarted,
        onFailed,
        markExited,
        exited,
      });
      this.send({ type: 'start', ...request });
    });
  }

  /** Stops one process and waits for its end; no-op when it does not run. */
  async stop(name: string, graceMs: number): Promise<void> {
    const tracked = this.tracked.get(name);
    if (tracked) {
      this.send({ type: 'stop', name, graceMs });
      await tracked.exited;
    }
  }

  /** Ends whatever still runs, then the supervisor. */
  async close(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }

  private send(request: SupervisorRequest): void {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  private onEvent(line: string): void {
    const event = JSON.parse(line) as SupervisorEvent;
    const tracked = this.tracked.get(event.name);
    if (!tracked) {
      return;
    }
    if (event.type === 'started') {
      tracked.running = {
        name: event.name,
        pid: event.pid,
        exited: tracked.exited,
      };
      tracked.onStarted(tracked.running);
      return;
    }
    this.tracked.delete(event.name);
    const reason = event.type === 'failed' ? event.message : exitReason(event);
    tracked.onFailed(new Error(`${event.name} did not start: ${reason}`));
    tracked.markExited(reason);
  }

  /** Killed by somebody: its children live on in their own groups, so they are ended from here. */
  private onSupervisorGone(): void {
    for (const [name, tracked] of this.tracked) {
      if (tracked.running) {
        killGroup(tracked.running.pid);
      }
      tracked.onFailed(
        new Error(`${name}: the lab's supervisor process has ended`),
      );
      tracked.markExited("the lab's supervisor process has ended");
    }
    this.tracked.clear();
  }
}

function exitReason(event: {
  code: number | null;
  signal: string | null;
}): string {
  return event.signal
    ? `ended by ${event.signal}`
    : `exited with status ${event.code}`;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
