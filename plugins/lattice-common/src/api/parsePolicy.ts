import { ParseResult } from './object';
import { CedarPolicy } from './policyModel';
import { Problems } from './problems';
import { parsed, readFrame } from './readObject';
import { readPolicyStatus } from './readStatus';
import { policySpecSchema } from './schemas/policySchema';

/** Reads a CedarPolicy; its text is not parsed here. Never throws. */
export function parsePolicy(raw: unknown): ParseResult<CedarPolicy> {
  const to = new Problems();
  const frame = readFrame(raw, 'CedarPolicy', to);
  const spec = frame && to.read(policySpecSchema, frame.spec, ['spec']);
  return parsed(
    frame &&
      spec && {
        metadata: frame.metadata,
        policies: spec.policies,
        enabled: spec.enabled ?? true,
        ...(spec.description === undefined
          ? {}
          : { description: spec.description }),
        status: readPolicyStatus(frame.status),
      },
    to,
  );
}
