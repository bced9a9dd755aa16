import { connect, createServer, Server, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * TCP link for tests that can fall silent: connections stay open and carry nothing, in either direction, as when a
 * firewall forgets them.
 */
export class StallableLink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isStalled = false;

  private constructor(target: URL) {
    this.#server = createServer({ pauseOnConnect: true }, client => {
      const upstream = connect(Number(target.port), target.hostname);
      this.#join(client, upstream);
      this.#join(upstream, client);
      if (!this.#isStalled) {
        client.resume();
      }
    });
  }

  static async open(target: URL): Promise<StallableLink> {
    const link = new StallableLink(target);
    await new Promise<void>(resolve =>
      link.#server.listen(0, '127.0.0.1', resolve),
    );
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stall(): void {
    this.#isStalled = true;
    this.#sockets.forEach(socket => socket.pause());
  }

  resume(): void {
    this.#isStalled = false;
    this.#sockets.forEach(socket => socket.resume());
  }

  async close(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', data => to.write(data));
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
