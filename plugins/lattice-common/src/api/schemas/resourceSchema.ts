import { z } from 'zod/v4';
import { anyObject, text } from './structural';

/** An entry of a `resources` block; `params` is read by `type`. */
export const resourceSchema = z.object({
  type: text(63).optional().describe('secret, service, external-service, ...'),
  id: text(1024)
    .optional()
    .describe('Remote key of a secret, name of a service'),
  class: text().optional(),
  metadata: anyObject.optional(),
  params: anyObject.optional(),
  direction: z.enum(['outbound', 'inbound', 'both']).optional(),
  namespace: text().optional(),
});

/** `params` of a resource of type secret. */
export const secretParamsSchema = z.object({
  provider: z.string().min(1).max(253).optional(),
  keys: z.array(z.string().max(253)).max(200).optional(),
  refreshInterval: z
    .string()
    .regex(/^([0-9]+(h|m|s))+$/, {
      error: 'must be a duration of hours, minutes and seconds such as 30m',
    })
    .optional(),
  secretType: z
    .enum([
      'Opaque',
      'kubernetes.io/tls',
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/dockercfg',
      'kubernetes.io/basic-auth',
      'kubernetes.io/ssh-auth',
      'kubernetes.io/service-account-token',
      'bootstrap.kubernetes.io/token',
    ])
    .optional(),
});
