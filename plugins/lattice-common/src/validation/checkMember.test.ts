import { parse } from 'yaml';
import { parseMember } from '../api/parseMember';
import { aMemberManifest, CHAPTER_MEMBER, RULES } from '../testing/manifests';
import { checkMember } from './checkMember';

/* What single rules say is in the golden table. */

describe('checkMember', () => {
  it('finds nothing wrong with the chapter, unchanged', () => {
    const result = parseMember(parse(CHAPTER_MEMBER, { version: '1.1' }));
    expect(result.ok && checkMember(result.value, RULES)).toEqual([]);
  });

  it('leaves to the schema what the schema refuses', () => {
    const result = parseMember(
      aMemberManifest({ spec: { ports: [{ port: 70000, name: 'a' }] } }),
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        { path: 'spec.ports[0].port', message: 'must be at most 65535' },
      ],
    });
  });
});
