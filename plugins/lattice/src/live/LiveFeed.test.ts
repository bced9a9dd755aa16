import { CATCH_UP_DELAYS_MS, LiveFeed, LiveState } from './LiveFeed';

interface Answer {
  revision: number;
}

function aFeed(answers: Array<Answer | Error>) {
  const states: LiveState<Answer>[] = [];
  const waits: Array<{ run: () => void; delayMs: number }> = [];
  let loads = 0;
  const feed = new LiveFeed<Answer>({
    load: async () => {
      const answer = answers[Math.min(loads, answers.length - 1)];
      loads += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    revisionsOf: answer => new Map([['lab', answer.revision]]),
    onState: state => states.push(state),
    now: () => 1000,
    schedule: (run, delayMs) => {
      waits.push({ run, delayMs });
      return () => undefined;
    },
  });
  const settled = () => new Promise(resolve => setTimeout(resolve, 0));
  return { feed, states, waits, settled, loads: () => loads };
}

describe('LiveFeed', () => {
  it('loads again until the answer has reached the revision of the signal', async () => {
    const { feed, states, waits, settled, loads } = aFeed([
      { revision: 1 },
      { revision: 1 },
      { revision: 4 },
    ]);
    feed.reload();
    await settled();
    feed.announce({ cluster: 'lab', revision: 4 });
    await settled();
    expect(waits.map(wait => wait.delayMs)).toEqual([CATCH_UP_DELAYS_MS[0]]);
    waits[0].run();
    await settled();
    expect(states[states.length - 1].answer).toEqual({ revision: 4 });
    expect(waits).toHaveLength(1);
    expect(loads()).toBe(3);
  });

  it('gives up catching up after the bound', async () => {
    const { feed, waits, settled, loads } = aFeed([{ revision: 1 }]);
    feed.reload();
    await settled();
    feed.announce({ cluster: 'lab', revision: 9 });
    await settled();
    for (let turn = 0; turn < waits.length; turn += 1) {
      waits[turn].run();
      await settled();
    }
    expect(waits).toHaveLength(CATCH_UP_DELAYS_MS.length);
    expect(loads()).toBe(2 + CATCH_UP_DELAYS_MS.length);
  });

  it('ignores signals of clusters that the answer does not concern', async () => {
    const { feed, settled, loads } = aFeed([{ revision: 1 }]);
    feed.reload();
    await settled();
    feed.announce({ cluster: 'other', revision: 9 });
    feed.announce({ cluster: 'lab', revision: 1 });
    await settled();
    expect(loads()).toBe(1);
  });

  it('loads once when the revisions of a restarted backend begin anew', async () => {
    const { feed, waits, settled, loads } = aFeed([
      { revision: 8 },
      { revision: 2 },
    ]);
    feed.reload();
    await settled();
    feed.announce({ cluster: 'lab', revision: 2 });
    await settled();
    expect(loads()).toBe(2);
    expect(waits).toHaveLength(0);
  });

  it('runs one load at a time and folds the rest into one more', async () => {
    const { feed, settled, loads } = aFeed([{ revision: 5 }]);
    feed.reload();
    feed.reload();
    feed.reload();
    await settled();
    expect(loads()).toBe(2);
  });

  it('keeps the last answer when a refresh fails', async () => {
    const { feed, states, settled } = aFeed([
      { revision: 1 },
      new Error('away'),
    ]);
    feed.reload();
    await settled();
    feed.reload();
    await settled();
    expect(states[1]).toMatchObject({
      answer: { revision: 1 },
      error: new Error('away'),
      isLoading: false,
    });
  });

  it('reports nothing after it was stopped', async () => {
    const { feed, states, settled } = aFeed([{ revision: 1 }]);
    feed.reload();
    feed.stop();
    await settled();
    expect(states).toEqual([]);
  });
});
