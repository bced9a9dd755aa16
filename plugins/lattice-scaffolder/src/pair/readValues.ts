import { InputError } from '@backstage/errors';
import {
  JsonObject,
  kubernetesTags,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { LineCounter, parseDocument } from 'yaml';

/**
 * Reads chart values given as YAML text or as an object. Errors name a line and never repeat the text, which may hold
 * what somebody should not have typed.
 */
export function readValues(
  values: string | Record<string, unknown> | undefined | null,
): JsonObject {
  const tree = typeof values === 'string' ? parseText(values) : values ?? {};
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    throw new InputError(
      'values must be a YAML mapping such as "replicas: 3", not a list or a single value',
    );
  }
  return JSON.parse(JSON.stringify(tree)) as JsonObject;
}

function parseText(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    customTags: kubernetesTags,
    prettyErrors: false,
    lineCounter,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw new InputError(
      `values is not valid YAML: line ${line}, column ${col} (${problem.code})`,
    );
  }
  try {
    return document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch {
    // The parser's own message quotes the text.
    throw new InputError(
      'values is not valid YAML: an alias is unknown or expands too far',
    );
  }
}
