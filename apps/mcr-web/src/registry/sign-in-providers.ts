import type { KnownHealth } from './known-health.ts';

/** A provider at which people sign in. */
export interface SignInProvider {
  readonly name: string;
  readonly title: string;
}

/** The OpenID providers of the registry. The login page is open to all, and costs the registry no more calls than its health does. */
export class SignInProviders {
  readonly #health: KnownHealth;

  constructor(health: KnownHealth) {
    this.#health = health;
  }

  /** The providers; none while the registry does not respond, since the page has to be shown anyway. */
  async list(): Promise<readonly SignInProvider[]> {
    const health = await this.#health.get().catch(() => undefined);
    return (health?.signInProviders ?? []).map(({ name, title }) => ({ name, title }));
  }
}
