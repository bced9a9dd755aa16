import { readInput } from './process/readInput';
import { wantsColors } from './process/wantsColors';
import { runProgram } from './runProgram';

/** A reader that has seen enough, as `head` does, is no error. */
function endQuietlyWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
}

/** Runs the command with the process' arguments and sets its exit status. */
export async function runFromShell(): Promise<void> {
  endQuietlyWhenNobodyReads(process.stdout);
  endQuietlyWhenNobodyReads(process.stderr);
  const exitCode = await runProgram(process.argv.slice(2), {
    isColored: wantsColors(process.stdout, process.env),
    print: text => process.stdout.write(text),
    note: text => process.stderr.write(`${text}\n`),
    readInput: maxBytes => readInput(process.stdin, maxBytes),
  });
  // Not process.exit: what was written to a pipe must arrive.
  process.exitCode = exitCode;
}
