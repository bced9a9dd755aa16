import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { SecretReference } from './references';
import { DirectiveEntry, DirectivePart } from './scanReferences';

const MAX_FIELD_LENGTH = 200;
const HASH_DIGITS = 8;

/** `db` and `tls.key` -> `db_tls_key`: a name that Go's templates take behind a dot. */
function readableField({ resource, key }: SecretReference): string {
  const text = `${resource}_${key}`.replace(/[^A-Za-z0-9]/g, '_');
  return /^[0-9]/.test(text) ? `_${text}` : text;
}

function distinctField(reference: SecretReference): string {
  const { resource, key } = reference;
  const digest = bytesToHex(
    sha256(utf8ToBytes(JSON.stringify([resource, key]))),
  ).slice(0, HASH_DIGITS);
  return `${readableField(reference).slice(0, MAX_FIELD_LENGTH)}_${digest}`;
}

function idOf({ resource, key }: SecretReference): string {
  return JSON.stringify([resource, key]);
}

/** A reference and the field of the template that stands for it. */
export interface TemplateField extends SecretReference {
  readonly field: string;
}

/** A field for each distinct reference; where two would read alike, or too long, all of them get a hash. */
export function templateFields(
  references: readonly SecretReference[],
): TemplateField[] {
  const distinct = [
    ...new Map(references.map(one => [idOf(one), one])).values(),
  ];
  const readable = distinct.map(readableField);
  const isClear =
    new Set(readable).size === readable.length &&
    readable.every(({ length }) => length <= MAX_FIELD_LENGTH);
  return distinct.map(({ resource, key }, index) => ({
    resource,
    key,
    field: isClear ? readable[index] : distinctField({ resource, key }),
  }));
}

/** Braces that Go would take for the start of an action, alone or together with the action that follows. */
const OPENING_BRACES = /\{{2,}|\{$/g;

function partText(
  part: DirectivePart,
  fieldOf: (reference: SecretReference) => string,
): string {
  return part.kind === 'text'
    ? part.text.replace(OPENING_BRACES, run => `{{ "${run}" }}`)
    : `{{ .${fieldOf(part)} }}`;
}

/** The entries of a directive as templates of an ExternalSecret: Secret key -> Go template. */
export function goTemplates(
  entries: readonly DirectiveEntry[],
  fields: readonly TemplateField[],
): Record<string, string> {
  const byId = new Map(fields.map(one => [idOf(one), one.field]));
  const fieldOf = (reference: SecretReference) =>
    byId.get(idOf(reference)) ?? distinctField(reference);
  return Object.fromEntries(
    entries.map(({ key, parts }) => [
      key,
      parts.map(part => partText(part, fieldOf)).join(''),
    ]),
  );
}
