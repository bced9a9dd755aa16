import {
  TestApiProvider,
  attachMockApiFactory,
} from '@backstage/frontend-test-utils';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { JsonObject } from '@backstage/types';
import { act, renderHook } from '@testing-library/react';
import { ReactNode } from 'react';
import { aCluster } from '../__testUtils__/builders';
import {
  POLL_WITHOUT_SIGNALS_MS,
  POLL_WITH_SIGNALS_MS,
  useLive,
} from './useLive';

class FakeSignals implements SignalApi {
  readonly listeners = new Map<string, (message: JsonObject) => void>();

  subscribe<T extends JsonObject>(
    channel: string,
    listen: (message: T) => void,
  ) {
    this.listeners.set(channel, listen as (message: JsonObject) => void);
    return { unsubscribe: () => this.listeners.delete(channel) };
  }

  send(message: JsonObject) {
    this.listeners.get('lattice:changes')?.(message);
  }
}

function renderLive(revisions: Array<number | Error>, signals?: FakeSignals) {
  let loads = 0;
  const apis = signals ? [attachMockApiFactory(signalApiRef, signals)] : [];
  const rendered = renderHook(
    ({ id }) =>
      useLive({
        id,
        load: async () => {
          const revision = revisions[Math.min(loads, revisions.length - 1)];
          loads += 1;
          if (revision instanceof Error) throw revision;
          return { revision };
        },
        clustersOf: ({ revision }) => [aCluster({ revision })],
      }),
    {
      initialProps: { id: 'one' },
      wrapper: (props: { children: ReactNode }) => (
        <TestApiProvider apis={apis}>{props.children}</TestApiProvider>
      ),
    },
  );
  return { ...rendered, loads: () => loads };
}

describe('useLive', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

  it('asks again until the answer has reached the signal', async () => {
    const signals = new FakeSignals();
    const { loads, result } = renderLive([1, 1, 3], signals);
    await pass(0);
    expect(result.current).toMatchObject({
      answer: { revision: 1 },
      hasSignals: true,
    });
    await act(async () => signals.send({ cluster: 'lab', revision: 3 }));
    await pass(300);
    expect(result.current.answer).toEqual({ revision: 3 });
    expect(loads()).toBe(3);
  });

  it('takes no notice of messages that are not change signals', async () => {
    const signals = new FakeSignals();
    const { loads } = renderLive([1], signals);
    await pass(0);
    await act(async () => signals.send({ cluster: 7, revision: 'new' }));
    await pass(0);
    expect(loads()).toBe(1);
  });

  it('polls without signals', async () => {
    const { loads, result } = renderLive([1, 2]);
    await pass(0);
    expect(result.current.hasSignals).toBe(false);
    await pass(POLL_WITHOUT_SIGNALS_MS);
    expect(loads()).toBe(2);
    expect(result.current.answer).toEqual({ revision: 2 });
  });

  it('polls seldom beside signals, and soon after a failure', async () => {
    const { loads, result } = renderLive(
      [new Error('not read yet'), 1],
      new FakeSignals(),
    );
    await pass(0);
    expect(result.current.error).toEqual(new Error('not read yet'));
    await pass(POLL_WITHOUT_SIGNALS_MS);
    expect(result.current.answer).toEqual({ revision: 1 });
    await pass(POLL_WITH_SIGNALS_MS - POLL_WITHOUT_SIGNALS_MS);
    expect(loads()).toBe(2);
    await pass(POLL_WITHOUT_SIGNALS_MS);
    expect(loads()).toBe(3);
  });

  it('does not poll in a hidden tab, and catches up when it is shown', async () => {
    const visibility = jest
      .spyOn(document, 'visibilityState', 'get')
      .mockReturnValue('hidden');
    const { loads } = renderLive([1]);
    await pass(5 * POLL_WITHOUT_SIGNALS_MS);
    expect(loads()).toBe(1);
    visibility.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    await pass(0);
    expect(loads()).toBe(2);
    visibility.mockRestore();
  });

  it('forgets the old answer when another question is asked', async () => {
    const { rerender, result } = renderLive([1, 2]);
    await pass(0);
    rerender({ id: 'two' });
    expect(result.current.isLoading).toBe(true);
    expect(result.current.answer).toBeUndefined();
    await pass(0);
    expect(result.current.answer).toEqual({ revision: 2 });
  });

  it('stops listening when the screen goes', async () => {
    const signals = new FakeSignals();
    const { unmount } = renderLive([1], signals);
    await pass(0);
    unmount();
    expect(signals.listeners.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
