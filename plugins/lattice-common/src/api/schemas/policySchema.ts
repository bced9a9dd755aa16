import { z } from 'zod/v4';
import { text } from './structural';

/** `spec` of a CedarPolicy. */
export const policySpecSchema = z.object({
  description: text(4096).optional(),
  policies: z.string().max(200_000).describe('Cedar policies as text'),
  priority: z.int().min(-1_000_000).max(1_000_000).optional(),
  enabled: z.boolean().optional(),
  propagate: z.boolean().optional(),
});
