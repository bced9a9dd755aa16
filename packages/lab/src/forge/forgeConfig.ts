/** What the configuration of Gitea depends on. */
export type ForgeConfigInput = {
  dir: string;
  port: number;
  /** Folder with templates, options and public. */
  staticRoot: string;
  user: string;
  isRoot: boolean;
  secret: () => string;
};

/** Text of Gitea's app.ini: loopback, SQLite, nothing that leaves the machine, everything not needed switched off. */
export function forgeConfig(input: ForgeConfigInput): string {
  const { dir, port, staticRoot, user, isRoot, secret } = input;
  return `APP_NAME = Lattice lab
RUN_USER = ${user}
RUN_MODE = prod
WORK_PATH = ${dir}
${isRoot ? 'I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true\n' : ''}
[server]
PROTOCOL = http
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${staticRoot}
DISABLE_SSH = true
OFFLINE_MODE = true
LFS_START_SERVER = false

[database]
DB_TYPE = sqlite3
PATH = ${dir}/gitea.db

[security]
INSTALL_LOCK = true
SECRET_KEY = ${secret()}
INTERNAL_TOKEN = ${secret()}

[oauth2]
ENABLED = false
JWT_SECRET = ${secret()}

[service]
DISABLE_REGISTRATION = true

[repository]
ROOT = ${dir}/repositories
DEFAULT_BRANCH = main

[indexer]
ISSUE_INDEXER_TYPE = db

[queue]
TYPE = channel

[session]
PROVIDER = memory

[log]
MODE = console
LEVEL = Warn

[cron]
ENABLED = false

[actions]
ENABLED = false

[packages]
ENABLED = false

[webhook]
ALLOWED_HOST_LIST = loopback
`;
}
