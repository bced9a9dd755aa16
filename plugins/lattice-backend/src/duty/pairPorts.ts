import { DutyPort } from './messages';

/** Two ends of a way within one thread. Messages arrive in order, after the sender's own turn. */
export function pairPorts<A, B>(): [DutyPort<A, B>, DutyPort<B, A>] {
  const toFirst: Array<(message: B) => void> = [];
  const toSecond: Array<(message: A) => void> = [];
  return [
    {
      post: message => deliver(toSecond, message),
      onMessage: listener => toFirst.push(listener),
    },
    {
      post: message => deliver(toFirst, message),
      onMessage: listener => toSecond.push(listener),
    },
  ];
}

function deliver<T>(
  listeners: ReadonlyArray<(message: T) => void>,
  message: T,
): void {
  queueMicrotask(() => listeners.forEach(listener => listener(message)));
}
