import { networkOf } from './network-of.ts';

/** Maximum numbers of places taken at the same time. */
export interface PlaceBounds {
  readonly total: number;
  /** Per client: an IPv4 address or the /64 of an IPv6 one. */
  readonly perAddress: number;
  readonly perConnection: number;
}

/** A place that was taken, or the bound that was reached. */
export type Entry = { readonly leave: () => void } | { readonly full: keyof PlaceBounds };

/**
 * Bounds what clients hold concurrently, per address and per connection. A place stays taken until `leave` is called.
 */
export class Places {
  readonly #bounds: PlaceBounds;
  readonly #addresses = new Map<string, number>();
  readonly #connections = new WeakMap<object, number>();
  #count = 0;

  constructor(bounds: PlaceBounds) {
    this.#bounds = bounds;
  }

  /** Number of places taken. */
  get count(): number {
    return this.#count;
  }

  /** Takes a place if one is free; `leave` may be called more than once. */
  enter(address: string, connection: object): Entry {
    const client = networkOf(address);
    const { total, perAddress, perConnection } = this.#bounds;
    if ((this.#connections.get(connection) ?? 0) >= perConnection) return { full: 'perConnection' };
    if ((this.#addresses.get(client) ?? 0) >= perAddress) return { full: 'perAddress' };
    if (this.#count >= total) return { full: 'total' };
    this.#change(client, connection, 1);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#change(client, connection, -1);
    };
    return { leave };
  }

  #change(client: string, connection: object, by: number): void {
    this.#count += by;
    this.#connections.set(connection, (this.#connections.get(connection) ?? 0) + by);
    const ofClient = (this.#addresses.get(client) ?? 0) + by;
    if (ofClient > 0) this.#addresses.set(client, ofClient);
    else this.#addresses.delete(client);
  }
}
