import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ForgeInfo, LabContext } from '../lab/types.ts';
import { findExecutable } from '../parts/systemPrograms.ts';
import { freePorts } from '../processes/freePorts.ts';
import { runProgram } from '../processes/runProgram.ts';
import { startProcess } from '../processes/startProcess.ts';
import { ForgeClient } from './ForgeClient.ts';
import { forgeConfig } from './forgeConfig.ts';

/** The lab's user on the forge; owns everything there. */
export const FORGE_USER = 'lattice';
const ORGANIZATION = 'platform';
const REPOSITORY = 'deployments';

const README = `# Deployments

What runs on the lab's cluster. Everything below \`clusters/\` on branch \`main\` is applied to the cluster, and removed
from it when it is removed here.
`;

/** Starts Gitea on loopback and creates the user, its token, the organisation and the repository. */
export async function startForge(context: LabContext): Promise<ForgeInfo> {
  if (!(await findExecutable('git', context.env))) {
    throw new Error(
      "'git' is needed by the forge and was not found on PATH: install Git",
    );
  }
  const { programs, filesDir = '' } = await context.parts.get('gitea');
  const dir = join(context.dir, 'forge');
  await mkdir(join(dir, 'home'), { recursive: true, mode: 0o700 });
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(dir, 'app.ini');
  const config = forgeConfig({
    dir,
    port,
    staticRoot: filesDir,
    user: userInfo().username,
    isRoot: process.getuid?.() === 0,
    secret: () => randomBytes(32).toString('base64url'),
  });
  await writeFile(configFile, config, { mode: 0o600 });
  const env = {
    GITEA_WORK_DIR: dir,
    HOME: join(dir, 'home'),
    USER: userInfo().username,
  };
  await startProcess(context, {
    name: 'gitea',
    program: programs.gitea,
    args: ['web', '--config', configFile],
    env,
    isReady: async () => (await fetch(`${url}/api/healthz`)).ok,
  });
  const started = Date.now();
  const token = await createUser(context, programs.gitea, configFile, env);
  const client = new ForgeClient(url, token);
  await client.createOrganization(ORGANIZATION);
  await client.createRepository(ORGANIZATION, REPOSITORY);
  const repository = `${ORGANIZATION}/${REPOSITORY}`;
  await client.changeFiles(repository, 'Begin', [
    { operation: 'create', path: 'README.md', content: README },
    { operation: 'create', path: 'clusters/.gitkeep', content: '' },
  ]);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  context.log(
    `gitea: user and repository ${repository} created after ${seconds} s`,
  );
  return { url, user: FORGE_USER, token, repository };
}

/** Creates the administrator. Gitea makes up password and token itself, so that neither is on a command line. */
async function createUser(
  context: LabContext,
  program: string,
  configFile: string,
  extraEnv: Record<string, string>,
): Promise<string> {
  const { stdout } = await runProgram(
    program,
    [
      'admin',
      'user',
      'create',
      '--config',
      configFile,
      '--admin',
      '--username',
      FORGE_USER,
      '--email',
      `${FORGE_USER}@lab.invalid`,
      '--random-password',
      '--must-change-password=false',
      '--access-token',
      '--access-token-name',
      'lab',
      '--access-token-scopes',
      'all',
    ],
    { env: context.env, extraEnv },
  );
  const token =
    /Access token was successfully created\D*?\b([0-9a-f]{40})\b/.exec(
      stdout,
    )?.[1];
  if (!token) {
    throw new Error('Gitea created the user but printed no access token');
  }
  return token;
}
