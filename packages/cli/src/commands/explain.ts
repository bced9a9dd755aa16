import {
  explain as explainQuestion,
  ExplainEnd,
  ExplainQuestion,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { formatExplanation } from '../report/formatExplanation';
import { readEnd, readPort } from '../settings/readEnd';
import { readProfile } from '../settings/readProfile';
import { EXIT_FINDINGS, EXIT_FINE, Shell } from '../shell';
import { explainWorld } from './explainWorld';
import { loadMembers } from './loadMembers';
import { withFiles } from './withFiles';

/** Protocols that an agreement can be about. */
export const PROTOCOLS = ['TCP', 'UDP'] as const;

/** What `explain` was called with. */
export interface ExplainOptions {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  readonly protocol?: (typeof PROTOCOLS)[number];
  readonly profile?: string;
  readonly config?: string;
  readonly output: 'text' | 'json';
}

function nameOf(end: ExplainEnd): string {
  return 'outside' in end ? end.outside : `${end.namespace}/${end.name}`;
}

function questionOf(options: ExplainOptions): ExplainQuestion {
  const { from, to, port, protocol } = options;
  return {
    caller: readEnd('--from', from),
    callee: readEnd('--to', to),
    ...(port === undefined ? {} : { port: readPort('--port', port) }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function inWords({ caller, callee, port, protocol }: ExplainQuestion): string {
  const where = [port, protocol].filter(Boolean).join('/');
  const on = where ? `, ${where}` : '';
  return `${nameOf(caller)} -> ${nameOf(callee)}${on}`;
}

/** `lattice explain`: says why a workload may reach another one, or why not and what to write where. */
export async function explain(
  paths: readonly string[],
  options: ExplainOptions,
  shell: Shell,
): Promise<void> {
  const question = questionOf(options);
  const profile = readProfile(options.profile);
  const loaded = await loadMembers(paths, options, shell);
  if (!loaded) {
    return;
  }
  const explanation = withFiles(
    explainQuestion(question, explainWorld(loaded, profile)),
    loaded,
  );
  if (options.output === 'json') {
    const { caller, callee, ...rest } = question;
    const asked = { from: nameOf(caller), to: nameOf(callee), ...rest };
    shell.print(`${JSON.stringify({ ...asked, ...explanation }, null, 2)}\n`);
  } else {
    shell.print(
      formatExplanation(inWords(question), explanation, shell.isColored),
    );
  }
  shell.finish(explanation.verdict === 'allowed' ? EXIT_FINE : EXIT_FINDINGS);
}
