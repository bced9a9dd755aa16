import { Command, Option } from 'commander';
import { compile, CompileOptions } from './commands/compile';
import { explain, ExplainOptions, PROTOCOLS } from './commands/explain';
import {
  validate,
  VALIDATE_OUTPUTS,
  ValidateOptions,
} from './commands/validate';
import { Shell } from './shell';
import { version } from '../package.json';

const PATHS = 'YAML or JSON files, folders of them, or - for standard input';
const CONFIG = [
  '--config <file>',
  'file with the lattice: keys of app-config, for the rules of your platform',
] as const;
const PROFILE = [
  '--profile <file>',
  'YAML file with the profile of the cluster; without it, a stock one',
] as const;

function outputOption(choices: readonly string[]): Option {
  return new Option('--output <form>', 'how to report')
    .choices(choices)
    .default('text');
}

function addValidate(program: Command, shell: Shell): void {
  program
    .command('validate')
    .summary('check declarations as the cluster would')
    .description(
      'Checks packages, mesh members, services and policies as the cluster would, and against each other.',
    )
    .argument('<paths...>', PATHS)
    .option(...CONFIG)
    .addOption(outputOption(VALIDATE_OUTPUTS))
    .action((paths: string[], options: ValidateOptions) =>
      validate(paths, options, shell),
    );
}

function addCompile(program: Command, shell: Shell): void {
  program
    .command('compile')
    .summary('print the policies that declarations stand for')
    .description(
      'Prints the policies that a controller would write for these declarations, always in the same order.',
    )
    .argument('<paths...>', PATHS)
    .option(...PROFILE)
    .option(...CONFIG)
    .addOption(outputOption(['text', 'json']))
    .action((paths: string[], options: CompileOptions) =>
      compile(paths, options, shell),
    );
}

function addExplain(program: Command, shell: Shell): void {
  program
    .command('explain')
    .summary('say why one workload may reach another, or not')
    .description(
      'Says link by link why one workload may reach another, or why not, and who has to write what. Ends with 0 when it is allowed, else with 1.',
    )
    .argument('<paths...>', PATHS)
    .requiredOption('--from <namespace/name>', 'who calls')
    .requiredOption('--to <namespace/name>', 'who is called')
    .option(
      '--port <number>',
      'port of the pod; without it, every declared one',
    )
    .addOption(
      new Option('--protocol <name>', 'protocol of the port').choices(
        PROTOCOLS,
      ),
    )
    .option(...PROFILE)
    .option(...CONFIG)
    .addOption(outputOption(['text', 'json']))
    .action((paths: string[], options: ExplainOptions) =>
      explain(paths, options, shell),
    );
}

/** The `lattice` command with all that it can do. Throws instead of ending the process. */
export function createProgram(shell: Shell): Command {
  const program = new Command('lattice')
    .description(
      'Checks, compiles and explains Lattice declarations; needs no cluster.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('(lattice --help shows what there is)')
    .exitOverride()
    .configureHelp({ helpWidth: 80 })
    .configureOutput({
      writeOut: text => shell.print(text),
      writeErr: text => shell.note(text.trimEnd()),
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    });
  addValidate(program, shell);
  addCompile(program, shell);
  addExplain(program, shell);
  return program;
}
