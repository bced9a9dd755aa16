import { FakeClock } from './FakeClock';
import { firstListsEnded } from './firstLists';
import { NOT_LISTED } from './watchReasons';

interface Cache {
  isComplete: boolean;
  error: string | undefined;
}

describe('firstListsEnded', () => {
  let clock: FakeClock;
  let listed: Cache;
  let away: Cache;
  let result: boolean | undefined;

  beforeEach(() => {
    clock = new FakeClock();
    listed = { isComplete: false, error: NOT_LISTED };
    away = { isComplete: false, error: NOT_LISTED };
    result = undefined;
    void firstListsEnded([listed, away], { deadlineMs: 10_000, clock }).then(
      value => {
        result = value;
      },
    );
  });

  it('waits for every list, and not for a cluster that is away', async () => {
    await clock.advance(1_000);
    expect(result).toBeUndefined();
    listed.isComplete = true;
    listed.error = undefined;
    await clock.advance(1_000);
    expect(result).toBeUndefined();
    away.error = 'the API server cannot be reached (ECONNREFUSED)';
    await clock.advance(100);
    expect(result).toBe(true);
  });

  it('waits for a list that never ends until the deadline alone', async () => {
    away.error = 'the API server cannot be reached (ECONNREFUSED)';
    await clock.advance(9_900);
    expect(result).toBeUndefined();
    await clock.advance(200);
    expect(result).toBe(false);
  });
});
