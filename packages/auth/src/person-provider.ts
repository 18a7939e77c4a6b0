import type { KeyObject } from 'node:crypto';
import { type Clock, type Principal, systemClock } from '@mcr/core';
import { accountStoreFailed, invalidToken, wrongCredentials } from './errors.ts';
import type { KindProvider } from './federated-identity.ts';
import type { IssuedToken, ValidatedToken } from './identity-provider.ts';
import { KindSigner } from './kind-signer.ts';
import type { AccountStore } from './local-provider.ts';

/** A person as the database has it; see `Identity` of `@mcr/db`. */
export interface StoredPerson {
  readonly id: string;
  readonly provider: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly blocked: boolean;
}

/** Options of a {@link PersonProvider}. */
export interface PersonOptions {
  /** Names of the providers of the configuration. */
  readonly providers: readonly string[];
  readonly store: Pick<AccountStore, 'isTokenRevoked' | 'revokeToken'>;
  readonly people: { findById(id: string): Promise<StoredPerson | undefined> };
  readonly signingKey: KeyObject;
  readonly serviceName: string;
  readonly clock?: Clock;
}

/** A working day, and the time that clients are not told of, as for local accounts. */
const lifeMs = (8 * 60 + 15) * 60_000;

/** The person as a caller. */
export function personPrincipal({ id, username, roles }: StoredPerson): Principal {
  return { id, username, accountType: 'human', roles, isFederated: true };
}

/** The tokens of people who sign in at a provider. Name, roles and whether they are blocked are those of now. */
export class PersonProvider implements KindProvider {
  readonly #options: PersonOptions;
  readonly #signer: KindSigner;
  readonly #clock: Clock;

  constructor(options: PersonOptions) {
    const { signingKey, serviceName, clock = systemClock } = options;
    this.#options = options;
    this.#signer = new KindSigner(signingKey, serviceName, 'mcr-person+jwt');
    this.#clock = clock;
  }

  /** Never: people sign in with a browser. */
  takes(): boolean {
    return false;
  }

  claims(token: string): boolean {
    return this.#signer.claims(token);
  }

  async login(): Promise<IssuedToken> {
    throw wrongCredentials();
  }

  /** A token for a person who has just signed in. */
  async issue(person: StoredPerson): Promise<IssuedToken> {
    const content = { subject: person.id, claims: {} };
    return { ...(await this.#signer.sign(content, this.#clock.now(), lifeMs)), principal: personPrincipal(person) };
  }

  /** A token ends when the person is blocked, or the provider leaves the configuration. */
  async validate(token: string): Promise<ValidatedToken> {
    const { subject, tokenId, expiresAt } = await this.#signer.verify(token, this.#clock.now());
    const { store, people, providers } = this.#options;
    const [revoked, person] = await Promise.all([store.isTokenRevoked(tokenId), people.findById(subject)]).catch(
      accountStoreFailed,
    );
    if (revoked || person === undefined || person.blocked || !providers.includes(person.provider)) throw invalidToken();
    return { principal: personPrincipal(person), expiresAt };
  }

  async revoke(token: string): Promise<void> {
    const now = this.#clock.now();
    const claims = await this.#signer.verify(token, now).catch(() => undefined);
    if (claims === undefined) return;
    const { tokenId, expiresAt } = claims;
    await this.#options.store.revokeToken({ tokenId, expiresAt, now }).catch(accountStoreFailed);
  }
}
