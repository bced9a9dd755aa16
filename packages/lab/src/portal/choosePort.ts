import { createServer } from 'node:net';
import { freePorts } from '../processes/freePorts.ts';

/**
 * The port to serve on: the configured one as it is (an error when it is taken comes from whoever listens), else the
 * preferred one when it is free, else any that is.
 */
export async function choosePort(
  preferred: number,
  configured: string | undefined,
): Promise<number> {
  if (configured) {
    const port = Number(configured);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(
        `A port must be a number from 1 to 65535, not '${configured}'`,
      );
    }
    return port;
  }
  if (await isFree(preferred)) {
    return preferred;
  }
  const [port] = await freePorts(1);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
