import { z } from 'zod/v4';
import { celPattern } from './patterns';

/** What the CRD generator puts in place of a schema that a structural schema cannot express. */
export interface CrdOverride {
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly type?: string;
  readonly description?: string;
}

/**
 * A CEL rule of the generated CRD, see `x-kubernetes-validations`. It stands as deep as it can. The API server lets an
 * old object that breaks a rule have its status and finalizers changed only while the place of the rule is unchanged,
 * and it takes no place for unchanged below which unknown fields are kept: a younger rule there would lock old objects.
 */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

declare module 'zod/v4' {
  interface GlobalMeta {
    /** Replaces the generated schema at this place. */
    crd?: CrdOverride;
    /** Added to the generated schema at this place. */
    cel?: CelRule[];
  }
}

/** Any value; the CRD keeps whatever is there. */
export const anyValue = z
  .unknown()
  .meta({ crd: { 'x-kubernetes-preserve-unknown-fields': true } });

/** An object of any content. */
export const anyObject = z.record(z.string(), z.unknown()).meta({
  crd: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
});

/** Text, bounded so that CEL rules stay cheap. */
export function text(maxLength = 253) {
  return z.string().max(maxLength);
}

/** Text whose form the CRD asks for; in files and at admission a rule does, and says more. */
export function named(
  schema: z.ZodString,
  pattern: RegExp,
  message: string,
): z.ZodString {
  return schema.meta({
    cel: [{ rule: `self.matches(${celPattern(pattern)})`, message }],
  });
}

/** A Go-style duration of hours, minutes and seconds, from a second to a day. */
export const duration = z
  .string()
  .max(32)
  .meta({
    cel: [
      {
        rule: "duration(self) >= duration('1s') && duration(self) <= duration('24h')",
        message: 'must be from 1s to 24h',
      },
    ],
  })
  .regex(/^([0-9]+(h|m|s))+$/, {
    error:
      'must be a duration of hours, minutes and seconds such as 5m or 1h30m',
  });

const MAX_REFERENCE = 317;
const MAX_NAME = 253;

/** A reference as users may write it. */
export type WrittenReference = string | { name: string; namespace?: string };

const referenceForms = z.union([
  z.object({ name: text(), namespace: text().optional() }),
  z.string().max(MAX_REFERENCE),
]);

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_NAME;
}

function isReference(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.length <= MAX_REFERENCE;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const { name, namespace } = value as Record<string, unknown>;
  return isName(name) && (namespace === undefined || isName(namespace));
}

/**
 * `{name, namespace}`, or a string `namespace/name` or `name`. Members name hundreds of others, so only those that are
 * wrong go through the schemas, which know what to say of them.
 */
export const reference = z
  .custom<WrittenReference>()
  .check(payload => {
    if (!isReference(payload.value)) {
      const { error } = referenceForms.safeParse(payload.value, {
        reportInput: true,
      });
      error?.issues.forEach(issue =>
        payload.issues.push({ ...issue } as z.core.$ZodRawIssue),
      );
    }
  })
  .meta({ crd: { 'x-kubernetes-preserve-unknown-fields': true } });

/** A list of references. */
export const references = z.array(reference).max(1000);
