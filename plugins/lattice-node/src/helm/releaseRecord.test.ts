import { gzipSync } from 'node:zlib';
import {
  readRelease,
  readReleaseHistory,
  ReleaseRecordError,
  withReleaseStatus,
} from './releaseRecord';
import { outputTail, redactSecrets } from './redact';

function aRecord(revision: number, status: string, extra = {}) {
  const release = {
    name: 'redis',
    namespace: 'data',
    version: revision,
    manifest: 'kind: Service',
    info: { status, notes: 'hello' },
    chart: { metadata: { name: 'redis', version: '18.4.0' } },
  };
  const inner = gzipSync(JSON.stringify(release)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.redis.v${revision}`,
      namespace: 'data',
      resourceVersion: '7',
      labels: {
        owner: 'helm',
        name: 'redis',
        status,
        version: String(revision),
        modifiedAt: '1700000000',
        ...extra,
      },
    },
    data: { release: Buffer.from(inner).toString('base64') },
  };
}

describe('release records', () => {
  it('lists revisions by number, not by text, with our labels apart from those of helm', () => {
    const history = readReleaseHistory([
      aRecord(9, 'superseded'),
      aRecord(10, 'deployed', { mine: 'x' }),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other' } },
    ]);
    expect(history.map(it => it.revision)).toEqual([10, 9]);
    expect(history[0]).toMatchObject({
      status: 'deployed',
      labels: { mine: 'x' },
      resourceVersion: '7',
    });
    expect(history[0].modifiedAt?.toISOString()).toBe(
      '2023-11-14T22:13:20.000Z',
    );
  });

  it('unpacks a payload and packs it again with another status only', () => {
    const pending = aRecord(1, 'pending-install');
    const failed = withReleaseStatus(pending, 'failed', 'interrupted');
    expect(failed.metadata.labels?.status).toBe('failed');
    expect(failed.metadata.resourceVersion).toBe('7');
    expect(readRelease(failed)).toEqual({
      ...readRelease(pending),
      info: { status: 'failed', description: 'interrupted', notes: 'hello' },
    });
  });

  it('says that a record is damaged without quoting it', () => {
    const broken = {
      ...aRecord(1, 'deployed'),
      data: { release: Buffer.from('c2VjcmV0').toString('base64') },
    };
    expect(() => readRelease(broken)).toThrow(ReleaseRecordError);
    expect(() => readRelease(broken)).not.toThrow(/secret/);
  });
});

describe('redactSecrets', () => {
  it('takes out plain, encoded and escaped forms', () => {
    const secret = 'p"ss wörd/1';
    const text = [
      secret,
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret),
      encodeURIComponent(secret),
    ].join(' | ');
    const redacted = redactSecrets(text, [secret, 'p"ss']);
    expect(redacted).not.toMatch(/ss w|w%C3|cCJzc/);
    expect(redacted.match(/\[secret\]/g)).toHaveLength(4);
  });

  it('keeps a text readable when a secret is one letter', () => {
    expect(redactSecrets('value a is bad', ['a'])).toBe(
      'value [secret] is bad',
    );
  });

  it('gives the end of an output on one line', () => {
    expect(outputTail('WARNING: x\nError: boom\n', [])).toBe('Error: boom');
    expect(outputTail('y'.repeat(900), [])).toHaveLength(601);
  });
});
