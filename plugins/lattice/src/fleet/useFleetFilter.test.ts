import { filterFleet } from './useFleetFilter';

const rows = [
  { cluster: 'lab', namespace: 'data', name: 'redis' },
  { cluster: 'eu', namespace: 'data', name: 'vault' },
];
const names = (text: string, cluster = '') =>
  filterFleet(rows, { text, cluster }, row => [row.name, row.namespace]).map(
    row => row.name,
  );

describe('filterFleet', () => {
  it('shows everything without a filter', () => {
    expect(names('')).toEqual(['redis', 'vault']);
  });

  it('wants every word, in any case', () => {
    expect(names('DATA red')).toEqual(['redis']);
    expect(names('data nothing')).toEqual([]);
  });

  it('narrows to a cluster', () => {
    expect(names('', 'eu')).toEqual(['vault']);
  });
});
