import { z } from 'zod/v4';
import { resourceSchema } from './resourceSchema';
import { text } from './structural';
import { portNumber } from './memberSchema';

const servicePort = z.object({
  port: portNumber,
  targetPort: portNumber.optional(),
  protocol: text(16).optional(),
});

/** The part of a LatticeService's `spec` that Lattice reads. */
export const serviceSpecSchema = z.object({
  workload: z
    .object({
      resources: z.record(z.string(), resourceSchema).optional(),
      service: z
        .object({ ports: z.record(z.string(), servicePort).optional() })
        .optional(),
    })
    .optional(),
});
