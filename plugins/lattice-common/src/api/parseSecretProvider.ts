import { ParseResult } from './object';
import { SecretProvider } from './providerModel';
import { Problems } from './problems';
import { parsed, readFrame } from './readObject';
import { readProviderStatus } from './readStatus';
import { providerSpecSchema } from './schemas/providerSchema';

/** Reads a SecretProvider: which backend it is, not its settings. Never throws. */
export function parseSecretProvider(raw: unknown): ParseResult<SecretProvider> {
  const to = new Problems();
  const frame = readFrame(raw, 'SecretProvider', to);
  const spec = frame && to.read(providerSpecSchema, frame.spec, ['spec']);
  if (!frame || !spec) {
    return parsed<SecretProvider>(undefined, to);
  }
  const backends = Object.keys(spec.provider);
  if (backends.length !== 1) {
    to.add(
      ['spec', 'provider'],
      `must hold exactly one backend, and holds ${backends.length}: keep one, and make a SecretProvider of each other`,
    );
  }
  return parsed(
    {
      metadata: frame.metadata,
      backend: backends[0] ?? '',
      status: readProviderStatus(frame.status),
    },
    to,
  );
}
