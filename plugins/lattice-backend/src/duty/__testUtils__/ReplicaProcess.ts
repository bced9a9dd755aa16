import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { THREAD_ARGUMENTS } from './LeaseApiServer';
import { ReplicaSettings } from './replica';

/** A replica in a process of its own, which can be stopped and killed. */
export class ReplicaProcess {
  readonly name: string;
  readonly news: Array<Record<string, unknown>> = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(name: string, settings: ReplicaSettings) {
    this.name = name;
    this.#child = spawn(
      process.execPath,
      [
        ...THREAD_ARGUMENTS,
        join(__dirname, 'replica.ts'),
        JSON.stringify(settings),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } },
    );
    this.#ended = new Promise(resolve => {
      this.#child.once('exit', () => resolve());
    });
    createInterface({ input: this.#child.stdout! }).on('line', line => {
      this.news.push(JSON.parse(line) as Record<string, unknown>);
    });
  }

  get isReady(): boolean {
    return this.news.some(({ ready }) => ready === true);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.kill('SIGCONT');
    this.#child.kill(signal);
    await this.#ended;
  }
}
