import { CommanderError } from 'commander';
import { BadUse } from './BadUse';
import { createProgram } from './createProgram';
import { EXIT_BAD_USE, EXIT_FINE, Shell } from './shell';

function exitCodeOf(error: unknown, shell: Shell): number {
  if (error instanceof CommanderError) {
    // After help and version, which are no errors.
    return error.exitCode === EXIT_FINE ? EXIT_FINE : EXIT_BAD_USE;
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

/** Runs the command with these arguments, the name of the program left out. Never throws. */
export async function runProgram(
  parameters: readonly string[],
  shell: Omit<Shell, 'finish'>,
): Promise<number> {
  let exitCode = EXIT_FINE;
  const whole: Shell = {
    ...shell,
    finish: code => {
      exitCode = code;
    },
  };
  try {
    await createProgram(whole).parseAsync([...parameters], { from: 'user' });
  } catch (error) {
    exitCode = exitCodeOf(error, whole);
  }
  return exitCode;
}
