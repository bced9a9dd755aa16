/**
 * Resolves at the first call of a listener, or rejects with the signal's reason when that comes first.
 *
 * @param subscribe - adds a listener and returns how to remove it.
 */
export async function nextCall(
  subscribe: (listener: () => void) => () => void,
  ended: AbortSignal,
): Promise<void> {
  ended.throwIfAborted();
  let cleanUp = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      const unsubscribe = subscribe(resolve);
      const fail = () => reject(ended.reason);
      ended.addEventListener('abort', fail);
      cleanUp = () => {
        unsubscribe();
        ended.removeEventListener('abort', fail);
      };
    });
  } finally {
    cleanUp();
  }
}
