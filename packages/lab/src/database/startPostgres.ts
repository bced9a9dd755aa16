import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabContext } from '../lab/types.ts';
import { freePorts } from '../processes/freePorts.ts';
import { runProgram } from '../processes/runProgram.ts';
import { startProcess } from '../processes/startProcess.ts';
import type { ProcessContext } from '../processes/startProcess.ts';
import { Supervisor } from '../processes/Supervisor.ts';
import { copyPostgres } from './postgresPrograms.ts';

/** How a PostgreSQL server is reached. It listens on loopback alone. */
export type PostgresInfo = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
};

/** A running server; everything of it is gone after `stop`. */
export type Postgres = PostgresInfo & { stop(): Promise<void> };

type Account = { uid: number; gid: number };

const NAME = 'postgres';
const USER = 'lattice';
const GRACE_MS = 5_000;
const READY_LINE = 'ready';

/** Starts an empty PostgreSQL of its own, with a password of its own, that ends with this process. */
export async function startPostgres(
  options: { env?: NodeJS.ProcessEnv; log?: LabContext['log'] } = {},
): Promise<Postgres> {
  const { env = process.env, log = () => {} } = options;
  const dir = await mkdtemp(join(tmpdir(), 'lattice-postgres-'));
  const supervisor = new Supervisor(env, dir);
  const stop = async () => {
    await supervisor.stop(NAME, GRACE_MS);
    await supervisor.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const info = await runPostgres({
      dir,
      env,
      log,
      supervisor,
      onUnexpectedExit: () => {},
    });
    return { ...info, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts a server as a process of a lab, in a folder that whoever runs it must be able to reach. */
export async function runPostgres(
  context: ProcessContext,
): Promise<PostgresInfo> {
  const { dir, env } = context;
  const account = await runningAccount();
  const data = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  const password = randomBytes(18).toString('base64url');
  const programs = await copyPostgres(dir);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chmod(dir, 0o700);
    await chown(dir, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const as = (program: string, args: string[]) => runAs(account, program, args);
  const init = as(programs.initdb, [
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  await runProgram(init.program, init.args, { env, cwd: dir });
  await rm(passwordFile);
  const [port] = await freePorts(1);
  await startProcess(context, {
    name: NAME,
    cwd: dir,
    ...as(programs.postgres, [
      ...['-D', data, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      // Its data lives for minutes.
      ...['-c', 'fsync=off'],
    ]),
    isReady: () => isReady(data),
  });
  const host = '127.0.0.1';
  return { host, port, user: USER, password, database: 'postgres' };
}

/** The server refuses to run as root: then somebody without rights runs it. */
async function runningAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const users = await readFile('/etc/passwd', 'utf8');
  const [, , uid, gid] =
    users
      .split('\n')
      .map(line => line.split(':'))
      .find(([name]) => name === 'nobody') ?? [];
  if (!uid || !gid) {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user nobody to run it',
    );
  }
  return { uid: Number(uid), gid: Number(gid) };
}

function runAs(
  account: Account | undefined,
  program: string,
  args: string[],
): { program: string; args: string[] } {
  if (!account) {
    return { program, args };
  }
  const { uid, gid } = account;
  return {
    program: 'setpriv',
    args: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      program,
      ...args,
    ],
  };
}

/** The server itself writes down how far it is, on the last line of its pid file. */
async function isReady(data: string): Promise<boolean> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8');
  return lines.split('\n')[7]?.trim() === READY_LINE;
}
