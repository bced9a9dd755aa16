import { Command, Option } from 'commander';
import { compile } from './commands/compile';
import { validate } from './commands/validate';
import { Shell } from './shell';
import { version } from '../package.json';

interface ValidateOptions {
  readonly config?: string;
  readonly output: 'text' | 'json';
}

function addValidate(program: Command, shell: Shell): void {
  program
    .command('validate')
    .description(
      'check packages, mesh members, services and policies as the cluster would',
    )
    .argument('<paths...>', 'YAML files, or folders of them')
    .option(
      '--config <file>',
      'file with the lattice: keys of app-config; without it allowed repositories are not checked',
    )
    .addOption(
      new Option('--output <form>', 'how to report')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action((paths: string[], options: ValidateOptions) =>
      validate(paths, options, shell),
    );
}

function addCompile(program: Command, shell: Shell): void {
  program
    .command('compile')
    .description('print the policies that these declarations stand for')
    .argument('<paths...>', 'YAML files, or folders of them')
    .option('--profile <file>', 'YAML file with the profile of the cluster')
    .action((paths: string[], options: { profile?: string }) =>
      compile(paths, options, shell),
    );
}

/** The `lattice` command with all that it can do. Throws instead of ending the process. */
export function createProgram(shell: Shell): Command {
  const program = new Command('lattice')
    .description('Checks and compiles Lattice declarations; needs no cluster')
    .version(version)
    .showHelpAfterError('(lattice --help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: text => shell.print(text),
      writeErr: text => shell.note(text.trimEnd()),
    });
  addValidate(program, shell);
  addCompile(program, shell);
  return program;
}
