import { z } from 'zod/v4';
import { anyObject, text } from './structural';

/** `spec` of a SecretProvider; the settings of the backend are not looked into. */
export const providerSpecSchema = z
  .object({
    provider: z
      .record(text(63), anyObject)
      .meta({
        cel: [
          {
            rule: 'self.size() == 1',
            message: 'exactly one provider must be set',
          },
        ],
      })
      .describe('One key, the kind of backend, and its settings'),
  })
  .describe(
    'Where secrets come from; the name is that of the ClusterSecretStore',
  );
