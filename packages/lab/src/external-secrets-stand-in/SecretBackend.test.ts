import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretBackend } from './SecretBackend';

describe('SecretBackend', () => {
  let dir: string;
  let backend: SecretBackend;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-backend-'));
    backend = new SecretBackend(dir);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('keeps the other properties of a key', async () => {
    await backend.set('data/redis', 'a', '1');
    await backend.set('data/redis', 'b', '2');
    expect(await readFile(join(dir, 'data/redis.json'), 'utf8')).toBe(
      '{"a":"1","b":"2"}',
    );
    expect(await backend.entries()).toEqual([
      { key: 'data/redis', value: '{"a":"1","b":"2"}' },
    ]);
  });

  it('sees a file that was written by hand, and a key that was removed', async () => {
    await writeFile(join(dir, 'hand.json'), '{"x":"y"}');
    expect(await backend.get('hand')).toBe('{"x":"y"}');
    await backend.remove('hand');
    expect(await backend.get('hand')).toBeUndefined();
  });

  it.each(['../outside', 'a/../../b', '', '/etc/passwd', 'a//b'])(
    'reads nothing outside its folder for the key %p',
    async key => {
      await expect(backend.get(key)).rejects.toThrow(/relative path/);
    },
  );
});
