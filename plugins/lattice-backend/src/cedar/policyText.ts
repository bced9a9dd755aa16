import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

/** Policies of one source by their ids, or why its text cannot be read. */
export type PolicyTextResult =
  | { readonly ok: true; readonly policies: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };

/**
 * Takes a text apart into single policies named `<source>_<n>`. Templates are refused: nothing links them, so a
 * forbid written as one would silently not forbid.
 */
export function readPolicyText(source: string, text: string): PolicyTextResult {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') {
    return {
      ok: false,
      message: `${source}: ${parts.errors.map(it => it.message).join('; ')}`,
    };
  }
  if (parts.policy_templates.length > 0) {
    return {
      ok: false,
      message: `${source}: policy templates (?principal, ?resource) are not supported.`,
    };
  }
  return {
    ok: true,
    policies: Object.fromEntries(
      parts.policies.map((policy, index) => [`${source}_${index}`, policy]),
    ),
  };
}
