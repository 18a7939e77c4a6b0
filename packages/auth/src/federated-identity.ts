import { CachedIdentity, type CachedIdentityOptions } from './cached-identity.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import type { Requester } from './slots.ts';

/** A provider of callers that are not accounts: it knows its credentials and its tokens by their form. */
export interface KindProvider extends IdentityProvider {
  /** Whether these credentials are for this provider. */
  takes(username: string, password: string): boolean;
  /** Whether a token says that it is of this provider. */
  claims(token: string): boolean;
}

/** Local accounts or MCIAS, and beside them the providers of callers that are not accounts, behind a cache of their own. */
export class FederatedIdentity implements IdentityProvider {
  readonly #accounts: IdentityProvider;
  readonly #kinds: readonly { readonly kind: KindProvider; readonly cached: IdentityProvider }[];

  constructor(accounts: IdentityProvider, kinds: readonly KindProvider[], options: CachedIdentityOptions) {
    this.#accounts = accounts;
    this.#kinds = kinds.map((kind) => ({ kind, cached: new CachedIdentity(kind, options) }));
  }

  async login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    const found = this.#kinds.find(({ kind }) => kind.takes(username, password));
    return await (found?.cached ?? this.#accounts).login(username, password, requester);
  }

  async validate(token: string): Promise<ValidatedToken> {
    return await this.#providerOf(token).validate(token);
  }

  async revoke(token: string): Promise<void> {
    await this.#providerOf(token).revoke(token);
  }

  #providerOf(token: string): IdentityProvider {
    return this.#kinds.find(({ kind }) => kind.claims(token))?.cached ?? this.#accounts;
  }
}
