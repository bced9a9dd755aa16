import { DEFAULT_PARTS, JUDGE_PARTS, findPart } from './catalogue.ts';
import { ensurePart } from './ensureParts.ts';

const USAGE = `Usage: parts build [NAME...]   make the named parts (default: all that the lab runs) ready in the cache
       parts build judges    make the policy engines' judges ready, which only tests need
       parts list            name the parts that the lab runs`;
const JUDGES = 'judges';
const PARENT_CHECK_MS = 1_000;

/** A build that a script started in the background ends with that script. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      process.exit(1);
    }
  }, PARENT_CHECK_MS).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Set explicitly: a shell starts what it puts in the background with SIGINT ignored.
    process.on(signal, () => process.exit(130));
  }
}

async function main(args: string[]): Promise<number> {
  const [command, ...names] = args;
  if (command === 'list') {
    process.stdout.write(`${DEFAULT_PARTS.join('\n')}\n`);
    return 0;
  }
  if (command !== 'build') {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  endWithParent();
  const started = Date.now();
  const log = (line: string) => {
    const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(
      4,
    );
    process.stdout.write(`[${seconds} s] ${line}\n`);
  };
  const parts = (names.length > 0 ? names : DEFAULT_PARTS)
    .flatMap((name): readonly string[] =>
      name === JUDGES ? JUDGE_PARTS : [name],
    )
    .map(name => findPart(name));
  for (const part of parts) {
    const ready = await ensurePart(part.name, { log });
    if (ready.origin === 'cache') {
      log(`${part.name}: cached`);
    }
  }
  return 0;
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
