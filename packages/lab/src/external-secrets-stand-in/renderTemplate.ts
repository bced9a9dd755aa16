import { MESSAGES, SyncFailure } from './conditions.ts';

const FILTERS = new Map<string, (text: string) => string>([
  ['toString', text => text],
  ['quote', text => JSON.stringify(text)],
  ['trim', text => text.trim()],
  ['upper', text => text.toUpperCase()],
  ['lower', text => text.toLowerCase()],
  ['b64enc', text => Buffer.from(text).toString('base64')],
  ['b64dec', text => Buffer.from(text, 'base64').toString()],
]);

const ACTION = /\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}/g;

/**
 * Renders the part of Go's template language that templates of secrets commonly use: `{{ .key }}`,
 * `{{ index . "key" }}`, `{{ "text" }}`, and a few filters behind `|`. Anything else is refused, never rendered wrongly.
 */
export function renderTemplate(
  template: string,
  data: Record<string, Buffer>,
): string {
  const trimmed = template
    .replace(/\s*\{\{-\s/g, '{{ ')
    .replace(/\s-\}\}\s*/g, ' }}');
  return trimmed.replace(ACTION, (_match, _left, action: string) =>
    evaluate(action, data),
  );
}

/** A string in Go's quotes that JSON reads alike; others are refused. */
const LITERAL = /^"(?:[^"\\]|\\["\\nrt])*"$/;

function evaluate(action: string, data: Record<string, Buffer>): string {
  if (LITERAL.test(action)) {
    return JSON.parse(action) as string;
  }
  const [source, ...filters] = action.split('|').map(part => part.trim());
  const key =
    /^\.([A-Za-z_]\w*)$/.exec(source)?.[1] ??
    /^index\s+\.\s+"([^"]+)"$/.exec(source)?.[1];
  if (key === undefined) {
    throw refusal(
      `the stand-in does not know the template action {{ ${action} }}`,
    );
  }
  if (!Object.hasOwn(data, key)) {
    throw refusal(
      `the template asks for "${key}", which the secret does not have`,
    );
  }
  return filters.reduce((text, name) => {
    const filter = FILTERS.get(name);
    if (!filter) {
      throw refusal(`the stand-in does not know the template function ${name}`);
    }
    return filter(text);
  }, data[key].toString());
}

function refusal(cause: string): SyncFailure {
  return new SyncFailure(MESSAGES.updateSecret, cause);
}
