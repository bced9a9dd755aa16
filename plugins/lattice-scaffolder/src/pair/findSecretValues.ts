import {
  FieldProblem,
  JsonValue,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Says how to do it instead. */
export const TYPED_SECRET_MESSAGE =
  'looks like a secret. Keep it in the secret store, list it under secrets, and write a reference such as ${resources.<resource>.<key>}';

const SECRET_NAME =
  /(password|passwd|passphrase|token|api[-_]?key|private[-_]?key|secret[-_]?key|access[-_]?key|client[-_]?secret)$/i;
/** A number in these is a password too; elsewhere (`maxTokenKey: 3`) it is a setting. */
const NUMERIC_SECRET_NAME = /(password|passwd|passphrase)$/i;
/** Fields that name a Secret instead of holding one. */
const NAMES_A_SECRET = /^(existing|automount)/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const PASSWORD_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:[^/@\s]+@/i;

/**
 * Finds values that look like a secret somebody typed. The problems name the path only.
 * A reference (`${resources.…}`) is fine; so are empty texts and switches.
 */
export function findSecretValues(
  value: JsonValue,
  path = 'values',
  name = '',
): FieldProblem[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      findSecretValues(item, `${path}[${index}]`, name),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]) =>
      findSecretValues(child, `${path}.${key}`, key),
    );
  }
  return looksLikeSecret(value, name)
    ? [{ path, message: TYPED_SECRET_MESSAGE }]
    : [];
}

function looksLikeSecret(
  value: string | number | boolean | null,
  name: string,
): boolean {
  if (typeof value === 'number') {
    return NUMERIC_SECRET_NAME.test(name) && isSecretName(name);
  }
  if (typeof value !== 'string' || value === '') {
    return false;
  }
  if (PRIVATE_KEY.test(value)) {
    return true;
  }
  const holdsReference = /(^|[^$])\$\{[^}]+\}/.test(value);
  if (holdsReference) {
    return false;
  }
  return PASSWORD_IN_URL.test(value) || isSecretName(name);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NAMES_A_SECRET.test(name);
}
