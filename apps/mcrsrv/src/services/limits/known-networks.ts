import type { MetadataStore } from '@mcr/db';
import { growingCache, networkOf } from '@mcr/server-kit';

/** Pairs of account and network that this process remembers; below 10 MB. */
const maxRemembered = 50_000;
/** Logins that are looked through for a network: those of some days, and a millisecond of work. */
const maxLogins = 100;

/** An account, and where a client is that logs in to it. */
export interface Place {
  readonly username: string;
  readonly network: string;
  /** Stands for both. */
  readonly key: string;
}

/** From which networks accounts have logged in, as far as this process has seen it or the audit log says. */
export class KnownNetworks {
  readonly #audit: MetadataStore['audit'];
  readonly #seen = growingCache<true>(maxRemembered);

  constructor(audit: MetadataStore['audit']) {
    this.#audit = audit;
  }

  /** Remembers a login. */
  add({ key }: Place): void {
    this.#seen.set(key, true);
  }

  /** Whether the account has logged in from the network, in whatever process. */
  async has({ username, network, key }: Place): Promise<boolean> {
    if (this.#seen.get(key) === true) return true;
    const actorId = await this.#audit.findActorId(username);
    if (actorId === undefined) return false;
    const logins = await this.#audit.list({ type: 'login', actorId, limit: maxLogins });
    if (!logins.some(({ actor }) => actor.ip !== undefined && networkOf(actor.ip) === network)) return false;
    this.#seen.set(key, true);
    return true;
  }
}
