import { ChartHttp } from './ChartHttp';

describe('ChartHttp', () => {
  const http = new ChartHttp();
  afterAll(() => http.close());

  it.each([
    'https://127.0.0.1:1/token',
    'https://[::1]:1/token',
    'https://169.254.169.254/latest',
    'https://10.0.0.1/token',
  ])(
    'does not ask the private address %s that a public host named',
    async url => {
      await expect(
        http.get({
          url: new URL(url),
          maxBytes: 1,
          namedBy: new URL('https://registry.example.com/charts'),
          signal: AbortSignal.timeout(2_000),
        }),
      ).rejects.toMatchObject({ reason: 'NotAllowed' });
    },
  );

  it('asks one that a host at a private address named', async () => {
    await expect(
      http.get({
        url: new URL('https://127.0.0.1:1/token'),
        maxBytes: 1,
        namedBy: new URL('https://10.0.0.1/charts'),
      }),
    ).rejects.toMatchObject({ reason: 'Unreachable' });
  });
});
