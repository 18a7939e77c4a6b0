import { networkOf } from './network-of.ts';

/** How many there may be at a time. */
export interface PlaceBounds {
  readonly total: number;
  /** Of one client: an IPv4 address or the /64 of an IPv6 one. */
  readonly perAddress: number;
  readonly perConnection: number;
}

/** A place that was taken, or which bound has none left. */
export type Entry = { readonly leave: () => void } | { readonly full: keyof PlaceBounds };

/** Counts what clients hold, by address and connection. Who has a place keeps it; who finds none is turned away. */
export class Places {
  readonly #bounds: PlaceBounds;
  readonly #addresses = new Map<string, number>();
  readonly #connections = new WeakMap<object, number>();
  #count = 0;

  constructor(bounds: PlaceBounds) {
    this.#bounds = bounds;
  }

  /** Places that are taken now. */
  get count(): number {
    return this.#count;
  }

  /** Takes a place, if there is one; `leave` may be called more than once. */
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
