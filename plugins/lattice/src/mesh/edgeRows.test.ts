import { EdgeState } from '@lattice-portal/backstage-plugin-lattice-common';
import { anEdge } from '../__testUtils__/builders';
import { edgeRows, halvesOf, missingLine } from './edgeRows';

describe('edgeRows', () => {
  it('puts callers first and names the far side', () => {
    const rows = edgeRows(
      [anEdge({ to: 'vault' }), anEdge({ from: 'checkout' })],
      { complete: true },
    );
    expect(rows.map(row => row.id)).toEqual([
      'inbound:commerce/checkout',
      'outbound:commerce/vault',
    ]);
    expect(rows[0].peer.name).toBe('checkout');
  });

  it('calls nothing enforced when the cluster does not answer fully', () => {
    const [row] = edgeRows([anEdge({ from: 'checkout', state: 'enforced' })], {
      complete: false,
    });
    expect(row).toMatchObject({ state: 'unknown', isStale: true });
  });
});

describe('missingLine', () => {
  it('asks the callee to allow the caller', () => {
    expect(
      missingLine(anEdge({ from: 'checkout', state: 'halfCaller' })),
    ).toEqual({
      owner: { namespace: 'data', name: 'redis' },
      yaml: 'spec:\n  allowedCallers:\n    - namespace: commerce\n      name: checkout',
    });
  });

  it('asks the caller to declare the dependency', () => {
    expect(
      missingLine(anEdge({ from: 'inventory', state: 'halfCallee' })),
    ).toMatchObject({ owner: { namespace: 'commerce', name: 'inventory' } });
  });

  it.each<EdgeState>(['enforced', 'agreed', 'refused', 'unknown'])(
    'names no line when the agreement is %s',
    state => {
      expect(missingLine(anEdge({ from: 'checkout', state }))).toBeUndefined();
    },
  );
});

describe('halvesOf', () => {
  it('claims nothing of an agreement that cannot be judged', () => {
    expect(halvesOf('unknown')).toEqual({
      caller: 'cannotTell',
      callee: 'cannotTell',
    });
  });
});
