import { z } from 'zod/v4';
import { CelRule, CrdOverride } from '../api/schemas/structural';

/** A node of an `openAPIV3Schema`. */
export interface StructuralSchema {
  type?: string;
  format?: string;
  description?: string;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  default?: unknown;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-validations'?: CelRule[];
  'x-kubernetes-list-type'?: 'map';
  'x-kubernetes-list-map-keys'?: string[];
}

/** What zod's generator yields, with our own hints in it. */
interface JsonSchemaNode
  extends Omit<
    StructuralSchema,
    'properties' | 'additionalProperties' | 'items'
  > {
  properties?: Record<string, JsonSchemaNode>;
  additionalProperties?: JsonSchemaNode | boolean;
  items?: JsonSchemaNode;
  crd?: CrdOverride;
  cel?: CelRule[];
  [key: string]: unknown;
}

/** Keywords that a structural schema cannot have below its root: they would be dropped silently. */
const UNSUPPORTED = ['anyOf', 'oneOf', 'allOf', 'not', '$ref', 'prefixItems'];

const COPIED = [
  'type',
  'description',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'maxItems',
  'required',
] as const;

function isSafeBound(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function scalarKeywords(node: JsonSchemaNode): StructuralSchema {
  const copied = Object.fromEntries(
    COPIED.filter(key => node[key] !== undefined).map(key => [key, node[key]]),
  ) as StructuralSchema;
  return {
    ...copied,
    ...(node.type === 'integer' ? { format: 'int64' } : {}),
    ...(isSafeBound(node.minimum) ? { minimum: node.minimum } : {}),
    ...(isSafeBound(node.maximum) ? { maximum: node.maximum } : {}),
  };
}

function refuseUnsupported(node: JsonSchemaNode, path: string): void {
  const keyword = UNSUPPORTED.find(key => node[key] !== undefined);
  if (keyword || (node.type === undefined && node.crd === undefined)) {
    throw new Error(
      `${path}: ${
        keyword ?? 'a node without type'
      } is not structural; give the schema a crd override`,
    );
  }
}

function convert(
  node: JsonSchemaNode,
  path: string,
  isOpen: boolean,
): StructuralSchema {
  if (node.crd) {
    const description = node.description ?? node.crd.description;
    return { ...(description ? { description } : {}), ...node.crd };
  }
  refuseUnsupported(node, path);
  const schema = scalarKeywords(node);
  if (node.properties) {
    schema.properties = Object.fromEntries(
      Object.entries(node.properties).map(([key, child]) => [
        key,
        convert(child, `${path}.${key}`, isOpen),
      ]),
    );
    if (isOpen) {
      schema['x-kubernetes-preserve-unknown-fields'] = true;
    }
  } else if (typeof node.additionalProperties === 'object') {
    schema.additionalProperties = convert(
      node.additionalProperties,
      `${path}.*`,
      isOpen,
    );
  }
  if (node.items) {
    schema.items = convert(node.items, `${path}[]`, isOpen);
  }
  if (node.cel) {
    schema['x-kubernetes-validations'] = node.cel;
  }
  return schema;
}

/**
 * The structural schema of what users may write. With `keepUnknown`, objects keep the fields that the schema
 * does not name. Throws when a schema cannot be expressed.
 */
export function structuralSchema(
  schema: z.ZodType,
  options: { readonly keepUnknown?: boolean } = {},
): StructuralSchema {
  const node = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A union or an unknown with an override needs no schema of its own.
      const { crd } = z.globalRegistry.get(zodSchema) ?? {};
      if (crd) {
        Object.keys(jsonSchema)
          .filter(key => key !== 'description')
          .forEach(key => delete jsonSchema[key]);
        Object.assign(jsonSchema, { crd });
      }
    },
  });
  return convert(node as JsonSchemaNode, 'spec', options.keepUnknown ?? false);
}
