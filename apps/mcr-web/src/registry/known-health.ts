import type { Clock } from '@mcr/core';
import type { HealthResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { RegistryClient } from './client.ts';
import { Recent } from './recent.ts';

/** An upgrade or another public URL shows on pages after this time at the latest. */
const keepMs = 10_000;

/** What the registry says of itself, the same to all callers: its version, its name, where users sign in. Kept for 10 s. */
export class KnownHealth {
  readonly #registry: Pick<RegistryClient, 'admin'>;
  readonly #recent: Recent<HealthResponse>;

  constructor(registry: Pick<RegistryClient, 'admin'>, clock: Clock) {
    this.#registry = registry;
    this.#recent = new Recent(clock, keepMs);
  }

  /** The health. Throws ConnectErrors. */
  async get(): Promise<HealthResponse> {
    return await this.#recent.get(() => this.#registry.admin.health({}));
  }
}
