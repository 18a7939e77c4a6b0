import type { AddressInfo, Server } from 'node:net';
import { listenError } from '@mcr/config';
import { type ListenAddress, listen } from './listen.ts';
import { type Closable, closeGracefully, drain } from './shutdown.ts';

/** How a server is opened and closed. */
export interface ListenerOptions {
  /** The key of the configuration that has the address. */
  readonly key: string;
  readonly address: ListenAddress;
  /** Closes the connections that remain when the shutdown timeout expires. */
  readonly cut: () => void;
  /** Asks the clients of connections that have no single last response to open other ones, such as those of HTTP/2. */
  readonly goAway?: () => void;
}

interface OpenServer {
  readonly server: Server & Closable;
  readonly options: ListenerOptions;
}

/** The servers of one program, which are opened one by one and closed together. */
export class Listeners implements AsyncDisposable {
  readonly #timeout: number;
  readonly #open: OpenServer[] = [];
  readonly #drained = new Map<OpenServer, Promise<void>>();

  /** `timeout` is how long, in milliseconds, requests in flight may take at shutdown. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Listens on an address; throws a StartError if it is not available. */
  async open(server: Server & Closable, options: ListenerOptions): Promise<AddressInfo> {
    const found = await listen(server, options.address).catch((error: unknown) => {
      throw listenError(options.key, options.address, error);
    });
    this.#open.push({ server, options });
    return found;
  }

  /** Stops accepting connections, and resolves when clients have ended those that there are. */
  async drain(): Promise<void> {
    for (const open of this.#open) {
      this.#drained.set(open, drain(open.server));
      open.options.goAway?.();
    }
    await Promise.all(this.#drained.values());
  }

  /** Stops accepting connections, and waits for the requests in flight. */
  async [Symbol.asyncDispose](): Promise<void> {
    const close = (open: OpenServer): Promise<void> =>
      closeGracefully(open.server, this.#timeout, open.options.cut, this.#drained.get(open));
    await Promise.all(this.#open.splice(0).map(close));
  }
}
