import { DEFAULT_PARTS, findPart } from './catalogue.ts';
import { ensurePart } from './ensureParts.ts';

const USAGE = `Usage: parts build [NAME...]   make the named parts (default: all that the lab runs) ready in the cache
       parts list            name them`;

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
  const started = Date.now();
  const log = (line: string) => {
    const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(4);
    process.stdout.write(`[${seconds} s] ${line}\n`);
  };
  const parts = (names.length > 0 ? names : DEFAULT_PARTS).map(findPart);
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
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
