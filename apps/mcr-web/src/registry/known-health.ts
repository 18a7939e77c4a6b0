import type { Clock } from '@mcr/core';
import type { HealthResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { RegistryClient } from './client.ts';

/** An upgrade or another public URL shows on pages after this time at the latest. */
const rememberMs = 10_000;

/** What the registry says of itself, the same to all callers: its version, its name, where users sign in. Remembered for 10 s. */
export class KnownHealth {
  readonly #registry: Pick<RegistryClient, 'admin'>;
  readonly #clock: Clock;
  #known: { readonly health: Promise<HealthResponse>; readonly at: number } | undefined;

  constructor(registry: Pick<RegistryClient, 'admin'>, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** The health; requests that come while it is being read share the call. A failure is not remembered. Throws ConnectErrors. */
  async get(): Promise<HealthResponse> {
    const now = this.#clock.now();
    // Neither does a clock that was set back keep it for longer.
    if (this.#known === undefined || Math.abs(now - this.#known.at) >= rememberMs) {
      this.#known = { health: this.#registry.admin.health({}), at: now };
    }
    const known = this.#known;
    try {
      return await known.health;
    } catch (error) {
      if (this.#known === known) this.#known = undefined;
      throw error;
    }
  }
}
