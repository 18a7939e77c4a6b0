import type { Clock } from '@mcr/core';
import type { RegistryClient } from './client.ts';

/** A provider at which people sign in. */
export interface SignInProvider {
  readonly name: string;
  readonly title: string;
}

/** The login page is open to all, and costs the registry no more than a call in this time. */
const rememberMs = 10_000;

/** The OpenID providers of the registry, remembered for 10 s. */
export class SignInProviders {
  readonly #registry: Pick<RegistryClient, 'admin'>;
  readonly #clock: Clock;
  #known: { readonly providers: Promise<readonly SignInProvider[]>; readonly until: number } | undefined;

  constructor(registry: Pick<RegistryClient, 'admin'>, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** The providers; none while the registry does not respond, since the page has to be shown anyway. */
  async list(): Promise<readonly SignInProvider[]> {
    const now = this.#clock.now();
    if (this.#known === undefined || now >= this.#known.until) {
      this.#known = { providers: this.#load(), until: now + rememberMs };
    }
    return await this.#known.providers;
  }

  async #load(): Promise<readonly SignInProvider[]> {
    const health = await this.#registry.admin.health({}).catch(() => undefined);
    return (health?.signInProviders ?? []).map(({ name, title }) => ({ name, title }));
  }
}
