/** Lines of a secret that are shorter may stand in any text by chance. */
const MIN_LINE_LENGTH = 8;
/** What is left of an encoding at its edges tells too little below this, and would hide too much. */
const MIN_INNER_LENGTH = 8;

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}

/**
 * The part of the base64 of a larger text (`user:password`) that tells a secret in it, for each of the three ways in
 * which it can lie there. Characters at the edges hold bits of the neighbours and are left out.
 */
function innerBase64(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap(shift => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    const inner = base64(shifted).slice(start, end);
    return inner.length >= MIN_INNER_LENGTH ? [inner] : [];
  });
}

function urlSafe(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

function base64Forms(bytes: Uint8Array): string[] {
  const whole = base64(bytes);
  const forms = [whole, whole.replace(/=+$/, ''), ...innerBase64(bytes)];
  return [...forms, ...forms.map(urlSafe)];
}

/** JSON as JavaScript writes it, and as Go does, which escapes what means something in HTML. */
function jsonForms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const inGo = escaped.replace(
    /[<>&\u2028\u2029]/g,
    one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [escaped, inGo];
}

function urlForms(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  const escaped = encodeURIComponent(text);
  const inForm = new URLSearchParams({ '': text }).toString().slice(1);
  const strict = escaped.replace(
    /[!'()*]/g,
    one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [escaped, strict, strict.replaceAll('%20', '+'), inForm];
}

function hexForms(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));
  const text = hex.join('');
  return text.length >= MIN_INNER_LENGTH ? [text, text.toUpperCase()] : [];
}

function encodedForms(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [
    text,
    ...jsonForms(text),
    ...base64Forms(bytes),
    ...urlForms(bytes),
    ...hexForms(bytes),
  ];
}

/**
 * The forms in which a secret turns up in text: as it is, without white space around it, each longer line of several
 * (YAML indents them), and each of these escaped in JSON, in base64, in a URL or in hexadecimal digits. Never empty
 * texts.
 */
export function secretForms(secret: string): string[] {
  const lines = secret
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line.length >= MIN_LINE_LENGTH);
  const texts = new Set([secret, secret.trim(), ...lines]);
  texts.delete('');
  return [...new Set([...texts].flatMap(encodedForms))].filter(
    form => form !== '',
  );
}
