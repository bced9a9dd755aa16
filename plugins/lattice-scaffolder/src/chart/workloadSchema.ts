import { z } from 'zod/v3';

/** `workloads`, as one action puts it out and another takes it in. */
export const workloadsSchema = (zod: typeof z) =>
  zod.array(
    zod.object({
      kind: zod.string(),
      name: zod.string(),
      labels: zod.record(zod.string()),
      ports: zod.array(
        zod.object({ port: zod.number(), name: zod.string().optional() }),
      ),
      serviceAccount: zod.string(),
    }),
  );
