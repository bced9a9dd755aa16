import { gzipSync } from 'node:zlib';
import { readChartArchive } from './readChartArchive';
import { readIndexEntries } from './repositoryIndex';
import { isPrivateAddress } from './privateAddress';
import { packChart, packTar } from './__testUtils__/packChart';

describe('readChartArchive', () => {
  it('reads metadata, schema and defaults, and never follows a link', async () => {
    const chart = await readChartArchive(
      packChart('redis', '1.0.0', {
        'values.schema.json': '{"type":"object"}',
        'values.yaml': '->/etc/passwd',
        'charts/part/crds/x.yaml': 'kind: A',
        'templates/x.yaml': 'kind: B',
      }),
    );
    expect(chart).toEqual({
      metadata: {
        name: 'redis',
        version: '1.0.0',
        appVersion: '7.2',
        type: 'application',
        dependencies: [],
      },
      valuesSchema: { type: 'object' },
      defaultValues: '',
      crds: ['kind: A'],
    });
  });

  it('does not mistake the Chart.yaml of a part for the own one', async () => {
    await expect(
      readChartArchive(packTar({ 'a/charts/b/Chart.yaml': 'name: b' })),
    ).rejects.toMatchObject({ reason: 'Invalid' });
  });

  it.each([
    ['no gzip', Buffer.from('hello'), 'Invalid'],
    ['no tar', gzipSync('hello'), 'Invalid'],
    ['a bomb', gzipSync(Buffer.alloc(65 * 1024 * 1024)), 'TooLarge'],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(readChartArchive(bytes)).rejects.toMatchObject({ reason });
  });
});

describe('readIndexEntries', () => {
  const helmShape =
    'apiVersion: v1\nentries:\n  red:\n  - urls: [a]\n    version: "1"\n  redis:\n  - urls:\n    - b.tgz\n    version: 1.10\n    appVersion: 7\n  zed:\n  - urls: [c]\n    version: "2"\n';

  it('finds one chart and keeps versions as they are written', () => {
    expect(readIndexEntries(helmShape, 'redis')).toEqual([
      { version: '1.10', appVersion: '7', url: 'b.tgz' },
    ]);
    expect(readIndexEntries(helmShape, 'none')).toEqual([]);
  });

  it('reads other shapes of the same file alike', () => {
    const flow =
      '{entries: {redis: [{urls: [b.tgz], version: 1.10, appVersion: 7}]}}';
    expect(readIndexEntries(flow, 'redis')).toEqual(
      readIndexEntries(helmShape, 'redis'),
    );
  });
});

describe('isPrivateAddress', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '[::1]',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
  ])('%s is private', address => {
    expect(isPrivateAddress(address)).toBe(true);
  });
  it.each(['1.1.1.1', '172.32.0.1', '2606:4700::1', 'registry.example.com'])(
    '%s is not',
    address => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});
