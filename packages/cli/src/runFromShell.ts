import { CommanderError } from 'commander';
import { createProgram } from './createProgram';
import { EXIT_BAD_USE, Shell } from './shell';
import { BadUse } from './BadUse';

/** What `commander` exits with after help and version. */
const FINE = 0;

function exitCodeOf(error: unknown, shell: Shell): number {
  if (error instanceof CommanderError) {
    return error.exitCode === FINE ? FINE : EXIT_BAD_USE;
  }
  if (error instanceof BadUse) {
    shell.note(`lattice: ${error.message}`);
    return EXIT_BAD_USE;
  }
  const text =
    error instanceof Error ? error.stack ?? error.message : 'unknown';
  shell.note(`lattice: this should not have happened: ${text}`);
  return EXIT_BAD_USE;
}

/** Runs the command with the process' arguments and sets its exit status. */
export function runFromShell(): void {
  let exitCode = FINE;
  const shell: Shell = {
    print: text => process.stdout.write(text),
    note: text => process.stderr.write(`${text}\n`),
    finish: code => {
      exitCode = code;
    },
  };
  try {
    createProgram(shell).parse(process.argv);
  } catch (error) {
    exitCode = exitCodeOf(error, shell);
  }
  // Not process.exit: what was written to a pipe must arrive.
  process.exitCode = exitCode;
}
