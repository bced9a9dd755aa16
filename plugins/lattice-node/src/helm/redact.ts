import { secretForms } from '@lattice-portal/backstage-plugin-lattice-common';

const MASK = '[secret]';
const MINIMUM_LENGTH = 3;

/**
 * Takes every given secret out of a text, in every form in which helm and the API server may print it. Longer forms go
 * first, so that a secret that contains another leaves no rest. Very short ones (under 3 characters) are masked only
 * where they stand alone, else every text would be unreadable.
 */
export function redactSecrets(text: string, secrets: Iterable<string>): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const form of secretForms(secret)) {
      forms.add(form);
    }
  }
  return [...forms]
    .sort((left, right) => right.length - left.length)
    .reduce(maskForm, text);
}

function maskForm(text: string, form: string): string {
  if (form === '') {
    return text;
  }
  if (form.length >= MINIMUM_LENGTH) {
    return text.split(form).join(MASK);
  }
  const escaped = form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(
    new RegExp(`(?<![\\w])${escaped}(?![\\w])`, 'g'),
    () => MASK,
  );
}

/** The last lines of an output, for a message: redacted, without control characters, at most `maxLength` characters. */
export function outputTail(
  text: string,
  secrets: Iterable<string>,
  maxLength = 600,
): string {
  const clean = redactSecrets(text, secrets)
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .split('\n')
    .map(it => it.trim())
    .filter(it => it !== '' && !it.startsWith('WARNING:'))
    .join(' ');
  return clean.length > maxLength ? `…${clean.slice(-maxLength)}` : clean;
}
