import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from '../processes/childEnvironment.ts';
import type { EngineAnswer } from './combineVerdicts.ts';

const KEPT_OUTPUT = 4_000;

/** One batch of cases for one judge. */
export type JudgeRun = {
  program: string;
  /** Cases as one line of JSON each; made when there is room for them. */
  lines: Iterable<string>;
  count: number;
  signal: AbortSignal;
};

/** Runs a judge over a batch of cases and reads one answer for each; rejects when it fails or answers too few. */
export async function runJudge(run: JudgeRun): Promise<EngineAnswer[]> {
  const { program, lines, count, signal } = run;
  const name = program.split('/').pop();
  const child = spawn(program, [], {
    env: childEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let complaint = '';
  child.stderr.on('data', chunk => {
    complaint = (complaint + String(chunk)).slice(0, KEPT_OUTPUT);
  });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const [answers, [code, killedBy]] = await Promise.all([
    readAnswers(child.stdout),
    ended,
    writeLines(child.stdin, lines),
  ]);
  if (code !== 0 || answers.length !== count) {
    throw new Error(
      `${name} answered ${answers.length} of ${count} cases and ended with ${
        killedBy ?? code
      }: ${complaint.trim()}`,
    );
  }
  return answers;
}

async function readAnswers(stdout: Readable): Promise<EngineAnswer[]> {
  const answers: EngineAnswer[] = [];
  for await (const line of createInterface({ input: stdout })) {
    answers.push(JSON.parse(line) as EngineAnswer);
  }
  return answers;
}

async function writeLines(
  stdin: Writable,
  lines: Iterable<string>,
): Promise<void> {
  let isOpen = true;
  const closed = new Promise<void>(resolve => {
    // A judge that fails closes its end; its exit code and what it says tell why.
    stdin.on('error', () => {});
    stdin.once('close', () => {
      isOpen = false;
      resolve();
    });
  });
  for (const line of lines) {
    if (!isOpen) {
      return;
    }
    if (!stdin.write(`${line}\n`)) {
      const drained = new Promise<void>(resolve => {
        stdin.once('drain', resolve);
      });
      await Promise.race([drained, closed]);
    }
  }
  stdin.end();
}
