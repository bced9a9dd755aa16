import { outputTail, redactSecrets } from './redact';

const SECRET = 'p<a&ss "word"';

describe('redactSecrets', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ["in Go's JSON", 'p\\u003ca\\u0026ss \\"word\\"'],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in a URL', encodeURIComponent(SECRET)],
  ])('hides a secret %s', (_, form) => {
    expect(redactSecrets(`before ${form} after`, [SECRET])).toBe(
      'before [secret] after',
    );
  });

  it('hides a password in the base64 of a login', () => {
    const login = Buffer.from('admin:correct-horse').toString('base64');
    expect(redactSecrets(`Basic ${login}`, ['correct-horse'])).toContain(
      '[secret]',
    );
  });

  it('hides the lines of a key that YAML indents', () => {
    const key = 'first-line-of-key\nsecond-line-of-key\n';
    expect(
      redactSecrets('  first-line-of-key\n  second-line-of-key', [key]),
    ).toBe('  [secret]\n  [secret]');
  });

  it('hides a very short secret only where it stands alone', () => {
    expect(redactSecrets('no: nothing', ['no'])).toBe('[secret]: nothing');
  });
});

describe('outputTail', () => {
  it('keeps the end, on one line, without warnings and secrets', () => {
    expect(
      outputTail('WARNING: old\nError: x\n  at correct-horse\n', [
        'correct-horse',
      ]),
    ).toBe('Error: x at [secret]');
  });
});
