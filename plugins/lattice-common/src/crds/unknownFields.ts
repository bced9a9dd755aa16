import { z } from 'zod/v4';
import { formatPath, PathSegment } from '../api/fieldPath';
import { isRecord, MAX_DEPTH } from '../api/json';
import { FieldProblem } from '../api/object';
import { memberSpecSchema } from '../api/schemas/memberSchema';
import { packageSpecSchema } from '../api/schemas/packageSchema';
import { StructuralSchema, structuralSchema } from './structuralSchema';

const SPECS: Readonly<Record<string, z.ZodType>> = {
  LatticePackage: packageSpecSchema,
  LatticeMeshMember: memberSpecSchema,
};

/** Made once for each kind, when first asked for. */
const made = new Map<string, StructuralSchema>();

function schemaOf(kind: string): StructuralSchema | undefined {
  if (!made.has(kind) && Object.hasOwn(SPECS, kind)) {
    made.set(kind, structuralSchema(SPECS[kind]));
  }
  return made.get(kind);
}

function walk(
  value: unknown,
  schema: StructuralSchema,
  path: readonly PathSegment[],
): FieldProblem[] {
  if (
    schema['x-kubernetes-preserve-unknown-fields'] ||
    path.length > MAX_DEPTH
  ) {
    return [];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items
      ? value.flatMap((item, index) => walk(item, items, [...path, index]))
      : [];
  }
  if (!isRecord(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    const known = schema.properties ?? {};
    const next = Object.hasOwn(known, key)
      ? known[key]
      : schema.additionalProperties;
    return next
      ? walk(item, next, at)
      : [
          {
            path: formatPath(at),
            message:
              'is not a known field, so the API server drops it: correct its name or place, or remove it',
          },
        ];
  });
}

/** Fields that the API server would drop without a word, as misspelt ones are. */
export function findUnknownFields(kind: string, raw: unknown): FieldProblem[] {
  const schema = schemaOf(kind);
  return schema && isRecord(raw) ? walk(raw.spec, schema, ['spec']) : [];
}
