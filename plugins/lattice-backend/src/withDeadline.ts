import { LoggerService } from '@backstage/backend-plugin-api';

/** Waits for work that ends by itself, but not for ever: Backstage gives shutdown hooks no time limit. */
export async function withDeadline(
  work: Promise<unknown>,
  options: { ms: number; what: string; logger: LoggerService },
): Promise<void> {
  const { ms, what, logger } = options;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    if ((await Promise.race([work, deadline])) === 'late') {
      logger.warn(`${what} took longer than ${ms / 1000} s; going on without`);
    }
  } finally {
    clearTimeout(timer);
  }
}
