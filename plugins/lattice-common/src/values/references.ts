/** A reference to one key of a secret resource. */
export interface SecretReference {
  readonly resource: string;
  readonly key: string;
}

/** A reference as it was read, before it is held against the declared resources. */
export interface WrittenReference extends SecretReference {
  /** A second reading, where the text could mean two things: `${secret.a.b}` in a directive. */
  readonly alternative?: SecretReference;
}

/** Part of a string: literal text, a reference, a variable, or something that cannot be read. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'secret' } & WrittenReference)
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unclosed' };

const OPENING = '${';
const SECRET_PREFIXES = ['resources.', 'secret.'];

/** Whether a string holds an expression or an escape; all other strings stand for themselves. */
export function hasExpression(source: string): boolean {
  return source.includes(OPENING);
}

/** `resource.key` taken apart at the first dot: names of resources hold none, keys may (`tls.crt`). */
function splitReference(text: string): SecretReference | undefined {
  const dot = text.indexOf('.');
  return dot > 0 && dot < text.length - 1
    ? { resource: text.slice(0, dot), key: text.slice(dot + 1) }
    : undefined;
}

function readPrefixed(expression: string): SecretReference | undefined {
  for (const prefix of SECRET_PREFIXES) {
    if (expression.startsWith(prefix)) {
      return splitReference(expression.slice(prefix.length));
    }
  }
  return undefined;
}

function readValueExpression(expression: string): TemplatePart {
  const reference = readPrefixed(expression);
  return reference
    ? { kind: 'secret', resource: reference.resource, key: reference.key }
    : { kind: 'variable', name: expression };
}

/** In a directive the prefix may be left out, so that a resource called `secret` reads like a prefix. */
function readDirectiveExpression(expression: string): TemplatePart {
  const prefixed = readPrefixed(expression);
  const plain = splitReference(expression);
  if (prefixed && plain) {
    return { kind: 'secret', ...prefixed, alternative: plain };
  }
  return plain
    ? { kind: 'secret', ...plain }
    : { kind: 'variable', name: expression };
}

function parseParts(
  source: string,
  read: (expression: string) => TemplatePart,
): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  let open = source.indexOf(OPENING);
  while (open >= 0) {
    const isEscaped = open > at && source[open - 1] === '$';
    literal += source.slice(at, isEscaped ? open - 1 : open);
    if (isEscaped) {
      literal += OPENING;
      at = open + OPENING.length;
    } else {
      if (literal !== '') {
        parts.push({ kind: 'text', text: literal });
        literal = '';
      }
      const end = source.indexOf('}', open);
      if (end < 0) {
        parts.push({ kind: 'unclosed' });
        return parts;
      }
      parts.push(read(source.slice(open + OPENING.length, end)));
      at = end + 1;
    }
    open = source.indexOf(OPENING, at);
  }
  literal += source.slice(at);
  if (literal !== '') {
    parts.push({ kind: 'text', text: literal });
  }
  return parts;
}

/**
 * Takes a string of the values apart: `${resources.X.key}` and `${secret.X.key}` are secret references, `$${` is a
 * literal `${`, any other `${...}` a variable. Substituted text is never read again.
 */
export function parseTemplate(source: string): TemplatePart[] {
  return parseParts(source, readValueExpression);
}

/**
 * Takes an entry of a `$secret` directive apart. Every expression is a reference here, `${X.key}` too; text may stand
 * around it.
 */
export function parseDirectiveEntry(source: string): TemplatePart[] {
  return parseParts(source, readDirectiveExpression);
}

/** Text that {@link parseTemplate} and {@link parseDirectiveEntry} read as exactly this literal. */
export function escapeTemplate(literal: string): string {
  return literal.split(OPENING).join(`$${OPENING}`);
}
