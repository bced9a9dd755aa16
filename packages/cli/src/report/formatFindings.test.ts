import { Finding } from '../findings/Finding';
import { formatGithub } from './formatAnnotations';
import { formatFindings } from './formatFindings';

const FINDING: Finding = {
  rule: 'schema',
  severity: 'error',
  file: '::stop-commands::x',
  line: 1,
  column: 2,
  object: 'LatticePackage \u001b[31mdata/redis',
  path: 'spec["a\nb"]',
  message: '100% wrong\r\n::error::x',
  link: 'reference/rules/#schema',
};

describe('findings for people', () => {
  it('carry colours only when asked to', () => {
    const plain = formatFindings([{ ...FINDING, object: '' }], false);
    const colored = formatFindings([{ ...FINDING, object: '' }], true);
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31merror\u001b[39m');
  });

  it('show what names in a manifest would have a terminal or a log do', () => {
    const text = formatFindings([FINDING], false);
    expect(text).toBe(
      './::stop-commands::x:1:2: error LatticePackage \\u001b[31mdata/redis spec["a\\u000ab"]: 100% wrong\\u000d\\u000a::error::x [schema]\n',
    );
  });

  it('are one command of GitHub each, whatever the names hold', () => {
    const text = formatGithub([FINDING]);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toMatch(
      /^::error file=%3A%3Astop-commands%3A%3Ax,line=1,col=2,title=schema::/,
    );
    expect(text).toContain('100%25 wrong');
  });
});
