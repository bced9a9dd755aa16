import { renderTemplate } from './renderTemplate';

const data = {
  password: Buffer.from('s3cret'),
  'user-name': Buffer.from('ada'),
};

describe('renderTemplate', () => {
  it.each([
    ['a plain key', '{{ .password }}', 's3cret'],
    [
      'text around it',
      'redis://:{{ .password }}@redis',
      'redis://:s3cret@redis',
    ],
    ['a key with a dash, by index', '{{ index . "user-name" }}', 'ada'],
    ['a filter', '{{ .password | b64enc }}', 'czNjcmV0'],
    ['several filters', '{{ .password | upper | quote }}', '"S3CRET"'],
    ['braces in quotes', '{{ "{{{" }}{{ .password }}}', '{{{s3cret}'],
    ['trimmed space', 'a {{- .password -}} b', 'as3cretb'],
  ])('renders %s', (_what, template, expected) => {
    expect(renderTemplate(template, data)).toBe(expected);
  });

  it.each([
    ['an action it does not know', '{{ if .password }}x{{ end }}'],
    ['a function it does not know', '{{ .password | sha256sum }}'],
    ['a key that is not there', '{{ .token }}'],
  ])('refuses %s instead of rendering something else', (_what, template) => {
    expect(() => renderTemplate(template, data)).toThrow(
      /stand-in does not know|does not have/,
    );
  });
});
