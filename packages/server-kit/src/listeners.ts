import type { AddressInfo, Server } from 'node:net';
import { listenError } from '@mcr/config';
import { type ListenAddress, listen } from './listen.ts';
import { type Closable, closeGracefully } from './shutdown.ts';

/** The servers of one program, which are opened one after the other and closed together. */
export class Listeners implements AsyncDisposable {
  readonly #timeout: number;
  readonly #close: (() => Promise<void>)[] = [];

  /** `timeout` is the time in milliseconds that requests in flight get at the end. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Listens on the address that the key `key` names; throws a StartError when it cannot be had. `cut` ends the connections
   * that are left when the time is over.
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

  /** Takes no connection any more, and waits for the requests in flight. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#close.splice(0).map((close) => close()));
  }
}
