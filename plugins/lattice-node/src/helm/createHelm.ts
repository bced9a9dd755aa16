import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import { buildHelmArguments, HelmCommand } from './helmArguments';
import {
  checkHelmVersion,
  HelmVersion,
  UnsupportedHelmError,
} from './helmVersion';
import { ProcessResult, ProcessStartError, runProcess } from './runProcess';

/** How the helm binary is found and bounded. */
export interface HelmOptions {
  /** Absolute path, or a name that is looked up in PATH. Default `helm`. */
  readonly binary?: string;
  /** Children at a time. Default 2: each takes 50 to 200 MB. */
  readonly concurrency?: number;
  /** Cap for each output of a child. Default 16 MiB. */
  readonly maxOutputBytes?: number;
  /** Parent of the private folders. Default: the system's. */
  readonly workDirectory?: string;
}

/** What one run needs besides its command. */
export interface HelmRunOptions {
  /** Values as YAML or JSON. May hold secrets: goes over stdin only. */
  readonly values?: string;
  readonly kubeconfigPath?: string;
  readonly signal?: AbortSignal;
  /** Wall clock; default 10 minutes. */
  readonly timeoutMs?: number;
}

/** The only way to run helm. */
export interface Helm {
  readonly version: HelmVersion;
  /**
   * Runs one command to its end. The result is what the program said, not what is true: truth lies in the release records.
   * Both outputs may hold secrets.
   */
  run(command: HelmCommand, options?: HelmRunOptions): Promise<ProcessResult>;
  /** Removes the private folders. */
  close(): Promise<void>;
}

const DEFAULT_OUTPUT_BYTES = 16 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 600_000;
const VERSION_TIMEOUT_MS = 30_000;

/**
 * Finds helm, refuses versions that cannot be trusted with releases, and gives it folders of its own: no plugins, no
 * repositories and no registry logins of the user reach it.
 */
export async function createHelm(options: HelmOptions = {}): Promise<Helm> {
  const file = options.binary ?? 'helm';
  const home = await mkdtemp(
    path.join(options.workDirectory ?? tmpdir(), 'lattice-helm-'),
  );
  await chmod(home, 0o700);
  const env = await privateEnvironment(home);
  const limit = pLimit(options.concurrency ?? 2);
  const maxOutputBytes = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;

  const close = () => rm(home, { recursive: true, force: true });
  const version = await readVersion(file, env, home).catch(async error => {
    await close();
    throw error;
  });

  return {
    version,
    close,
    run: (command, run = {}) =>
      limit(() =>
        runProcess({
          file,
          args: buildHelmArguments(version.major, command, run.kubeconfigPath),
          env,
          cwd: home,
          stdin: run.values ?? '{}',
          signal: run.signal,
          timeoutMs: run.timeoutMs ?? DEFAULT_TIMEOUT_MS,
          maxOutputBytes,
        }),
      ),
  };
}

async function readVersion(
  file: string,
  env: Record<string, string>,
  cwd: string,
): Promise<HelmVersion> {
  let result: ProcessResult;
  try {
    result = await runProcess({
      file,
      args: ['version', '--short'],
      env,
      cwd,
      timeoutMs: VERSION_TIMEOUT_MS,
      maxOutputBytes: 64 * 1024,
    });
  } catch (error) {
    if (error instanceof ProcessStartError) {
      throw new UnsupportedHelmError(
        `${error.message} Install Helm 3.21 or later, or 4.2.4 or later, and set lattice.helm.binary to its path.`,
      );
    }
    throw error;
  }
  return checkHelmVersion(result.stdout);
}

async function privateEnvironment(
  home: string,
): Promise<Record<string, string>> {
  const folders = {
    HOME: home,
    HELM_CACHE_HOME: path.join(home, 'cache'),
    HELM_CONFIG_HOME: path.join(home, 'config'),
    HELM_DATA_HOME: path.join(home, 'data'),
    HELM_PLUGINS: path.join(home, 'plugins'),
    TMPDIR: path.join(home, 'tmp'),
  };
  for (const folder of Object.values(folders)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  return {
    ...folders,
    // The loopback endpoint must never be reached through somebody's proxy.
    NO_PROXY: '127.0.0.1,localhost,::1',
    PATH: '/usr/bin:/bin',
    ...(process.env.PATH ? { PATH: process.env.PATH } : {}),
  };
}
