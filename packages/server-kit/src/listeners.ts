import type { AddressInfo, Server } from 'node:net';
import { listenError } from '@mcr/config';
import { type ListenAddress, listen } from './listen.ts';
import { type Closable, closeGracefully } from './shutdown.ts';

/** The servers of one program, which are opened one by one and closed together. */
export class Listeners implements AsyncDisposable {
  readonly #timeout: number;
  readonly #close: (() => Promise<void>)[] = [];

  /** `timeout` is how long, in milliseconds, requests in flight may take at shutdown. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Listens on the address in the configuration key `key`; throws a StartError if it is not available. `cut` closes the
   * connections that remain when the shutdown timeout expires.
   */
  async open(
    server: Server & Closable,
    { key, address, cut }: { readonly key: string; readonly address: ListenAddress; readonly cut: () => void },
  ): Promise<AddressInfo> {
    const found = await listen(server, address).catch((error: unknown) => {
      throw listenError(key, address, error);
    });
    this.#close.push(() => closeGracefully(server, this.#timeout, cut));
    return found;
  }

  /** Stops accepting connections, and waits for the requests in flight. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#close.splice(0).map((close) => close()));
  }
}
