import { spawn } from 'node:child_process';
import { childEnvironment } from './childEnvironment.ts';

/** What a short-lived program printed. */
export type ProgramOutput = { stdout: string; stderr: string };

/** How a short-lived program is run. */
export type RunOptions = {
  env?: NodeJS.ProcessEnv;
  extraEnv?: Record<string, string>;
  stdin?: string;
  cwd?: string;
  timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 120_000;

/** Runs a program to its end; rejects with its stderr when it fails. Names no cluster unless the arguments do. */
export async function runProgram(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<ProgramOutput> {
  const {
    env = process.env,
    extraEnv,
    stdin,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: childEnvironment(env, extraEnv),
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', chunk => {
      stdout += String(chunk);
    });
    child.stderr?.on('data', chunk => {
      stderr += String(chunk);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve({ stdout, stderr });
      } else {
        const name = program.split('/').pop();
        reject(
          new Error(
            `${name} ${args[0] ?? ''} ended with ${
              signal ?? code
            }: ${stderr.trim()}`,
          ),
        );
      }
    });
  });
}
