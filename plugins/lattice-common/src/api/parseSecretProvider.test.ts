import { parsePolicy } from './parsePolicy';
import { parseSecretProvider } from './parseSecretProvider';

const manifest = (provider: unknown, status?: unknown) => ({
  apiVersion: 'lattice.dev/v1alpha1',
  kind: 'SecretProvider',
  metadata: { name: 'vault', namespace: 'lattice-system' },
  spec: { provider },
  status,
});

describe('parseSecretProvider', () => {
  it('reads which backend it is, and nothing of how it is reached', () => {
    const result = parseSecretProvider(
      manifest(
        { vault: { server: 'https://vault', token: 'hunter2' } },
        { phase: 'Ready', providerType: 'vault', observedGeneration: 2 },
      ),
    );
    expect(result).toMatchObject({
      ok: true,
      value: {
        metadata: { name: 'vault' },
        backend: 'vault',
        status: { phase: 'Ready', providerType: 'vault' },
      },
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it.each([
    ['none', {}],
    ['two', { vault: {}, aws: {} }],
  ])('asks for exactly one backend, not %s', (_, provider) => {
    const result = parseSecretProvider(manifest(provider));
    expect(result.ok ? [] : result.problems).toEqual([
      {
        path: 'spec.provider',
        message: expect.stringContaining('exactly one backend'),
      },
    ]);
  });

  it('leaves out of the status what it does not understand', () => {
    const result = parseSecretProvider(
      manifest({ aws: {} }, { phase: 'Sideways', conditions: 'x' }),
    );
    expect(result.ok && result.value.status).toEqual({
      observedGeneration: -1,
      conditions: [],
    });
  });
});

describe('parsePolicy', () => {
  it('reads description and status', () => {
    const result = parsePolicy({
      kind: 'CedarPolicy',
      metadata: { name: 'p', namespace: 'lattice-system' },
      spec: { policies: 'x', description: 'why' },
      status: {
        phase: 'Invalid',
        permitCount: 1,
        forbidCount: -1,
        validationErrors: ['line 1', 7],
      },
    });
    expect(result).toMatchObject({
      ok: true,
      value: {
        description: 'why',
        status: {
          observedGeneration: -1,
          phase: 'Invalid',
          permitCount: 1,
          validationErrors: ['line 1'],
        },
      },
    });
  });
});
