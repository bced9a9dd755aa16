import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { extract } from 'tar';
import { withFileLock } from './parts/fileLock.ts';
import { cacheDir, labPackageDir } from './parts/paths.ts';
import { findExecutable } from './parts/systemPrograms.ts';

const decompress = promisify(brotliDecompress);

const SYSTEM_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** Archives of the package beside the binary: its software renderer, and fonts for machines that have none. */
const ARCHIVES = ['swiftshader.tar.br', 'fonts.tar.br'];

/** How Chromium is launched for tests. */
export type ChromiumLaunch = {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
};

/**
 * Path of a Chromium for tests: that of the system, or the one that an npm package carries, unpacked into the cache
 * once. The package's binary runs on Linux on amd64 alone.
 */
export async function chromiumExecutable(
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  for (const name of SYSTEM_NAMES) {
    const found = await findExecutable(name, env);
    if (found) {
      return found;
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No Chromium was found on PATH: install Chromium or Chrome for the browser tests',
    );
  }
  return join(await unpackedChromium(env), 'chromium');
}

/** Executable, arguments and environment for playwright's `chromium.launch`; works for root and without fonts. */
export async function chromiumLaunch(
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChromiumLaunch> {
  const executablePath = await chromiumExecutable(env);
  const fonts = join(dirname(executablePath), 'fonts');
  const inherited = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return {
    executablePath,
    // The sandbox needs rights that neither root nor most containers have; the pages are our own.
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
    env: (await exists(fonts))
      ? { ...inherited, FONTCONFIG_PATH: fonts }
      : inherited,
  };
}

async function unpackedChromium(env: NodeJS.ProcessEnv): Promise<string> {
  const require = createRequire(join(labPackageDir(), 'package.json'));
  const packageDir = resolve(
    dirname(require.resolve('@sparticuz/chromium')),
    '../..',
  );
  const { version } = JSON.parse(
    await readFile(join(packageDir, 'package.json'), 'utf8'),
  ) as {
    version: string;
  };
  const target = join(cacheDir(env), 'chromium', version);
  await withFileLock(`${target}.lock`, async () => {
    if (!(await exists(target))) {
      await unpack(join(packageDir, 'bin'), target);
    }
  });
  return target;
}

async function unpack(binDir: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}.unpacking-`);
  try {
    const program = join(staging, 'chromium');
    await writeFile(
      program,
      await decompress(await readFile(join(binDir, 'chromium.br'))),
    );
    await chmod(program, 0o755);
    for (const archive of ARCHIVES) {
      const file = join(staging, 'archive.tar');
      await writeFile(
        file,
        await decompress(await readFile(join(binDir, archive))),
      );
      await extract({ file, cwd: staging });
      await rm(file);
    }
    await chmod(staging, 0o755);
    await rename(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
