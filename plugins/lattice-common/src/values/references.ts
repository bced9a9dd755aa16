/** A reference to one key of a secret resource. */
export interface SecretReference {
  readonly resource: string;
  readonly key: string;
}

/** Part of a string: literal text, a reference, a variable, or something that cannot be read. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'secret' } & SecretReference)
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unclosed' };

const SECRET_PREFIXES = ['resources.', 'secret.'];

/** `resource.key` taken apart at the first dot: names of resources hold none, keys may (`tls.crt`). */
function splitReference(text: string): SecretReference | undefined {
  const dot = text.indexOf('.');
  return dot > 0 && dot < text.length - 1
    ? { resource: text.slice(0, dot), key: text.slice(dot + 1) }
    : undefined;
}

function readExpression(expression: string): TemplatePart {
  const prefix = SECRET_PREFIXES.find(one => expression.startsWith(one));
  const reference = prefix && splitReference(expression.slice(prefix.length));
  return reference
    ? { kind: 'secret', ...reference }
    : { kind: 'variable', name: expression };
}

/**
 * Takes a string apart: `${resources.X.key}` and `${secret.X.key}` are secret references, `$${` is a literal
 * `${`, any other `${...}` a variable. Substituted text is never read again.
 */
export function parseTemplate(source: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  const flush = () => {
    if (literal !== '') {
      parts.push({ kind: 'text', text: literal });
      literal = '';
    }
  };
  while (at < source.length) {
    if (source.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (source.startsWith('${', at)) {
      flush();
      const end = source.indexOf('}', at);
      if (end < 0) {
        parts.push({ kind: 'unclosed' });
        return parts;
      }
      parts.push(readExpression(source.slice(at + 2, end)));
      at = end + 1;
    } else {
      literal += source[at];
      at += 1;
    }
  }
  flush();
  return parts;
}

/** Text that {@link parseTemplate} reads as exactly this literal. */
export function escapeTemplate(literal: string): string {
  return literal.split('${').join('$${');
}

const DIRECTIVE_REFERENCE = /^\$\{([^{}]+)\}$/;

/** `"${resource.key}"` of a `$secret` directive; the prefixes of value references are accepted too. */
export function parseDirectiveReference(
  text: string,
): SecretReference | undefined {
  const expression = DIRECTIVE_REFERENCE.exec(text)?.[1];
  if (expression === undefined) {
    return undefined;
  }
  const prefix = SECRET_PREFIXES.find(one => expression.startsWith(one));
  const prefixed = prefix && splitReference(expression.slice(prefix.length));
  return prefixed ? prefixed : splitReference(expression);
}
