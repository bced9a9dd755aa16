import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type {
  StartRequest,
  SupervisorEvent,
  SupervisorRequest,
} from './messages.ts';

/*
 * The process between the lab and its parts. It lives in a session of its own, so that Ctrl-C in a terminal does not
 * reach the parts before the lab has decided in which order they stop. Its stdin is a pipe to the lab: when that closes,
 * however the lab died, every part is ended.
 */

const ORPHAN_GRACE_MS = 3_000;
const children = new Map<string, ChildProcess>();
let isEnding = false;

function tell(event: SupervisorEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

function start(request: StartRequest): void {
  const { name, program, args, cwd, env, logFile } = request;
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(program, args, {
    cwd,
    env,
    // A group of its own: what a part starts ends with it.
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.on('error', error =>
    tell({ type: 'failed', name, message: error.message }),
  );
  if (child.pid === undefined) {
    return;
  }
  children.set(name, child);
  tell({ type: 'started', name, pid: child.pid });
  child.on('exit', (code, signal) => {
    signalGroup(child, 'SIGKILL');
    children.delete(name);
    tell({ type: 'exited', name, code, signal });
    if (isEnding && children.size === 0) {
      process.exit(0);
    }
  });
}

function stop(name: string, graceMs: number): void {
  const child = children.get(name);
  if (!child) {
    return;
  }
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref();
}

function endAll(): void {
  if (isEnding) {
    return;
  }
  isEnding = true;
  if (children.size === 0) {
    process.exit(0);
  }
  for (const child of children.values()) {
    signalGroup(child, 'SIGTERM');
  }
  setTimeout(() => {
    for (const child of children.values()) {
      signalGroup(child, 'SIGKILL');
    }
    process.exit(0);
  }, ORPHAN_GRACE_MS);
}

function obey(line: string): void {
  const request = JSON.parse(line) as SupervisorRequest;
  if (request.type === 'start') {
    start(request);
  } else {
    stop(request.name, request.graceMs);
  }
}

// Nobody reads the events any more once the lab is gone.
process.stdout.on('error', () => {});
process.on('SIGINT', () => {});
process.on('SIGHUP', endAll);
process.on('SIGTERM', endAll);
const input = createInterface({ input: process.stdin });
input.on('line', obey);
input.on('close', endAll);
