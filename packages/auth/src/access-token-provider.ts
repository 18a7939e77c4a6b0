import type { KeyObject } from 'node:crypto';
import { type Clock, type Principal, systemClock, type TokenGrant } from '@mcr/core';
import { isSecret, isSecretLike, secretHash } from './access-token-secret.ts';
import { accountStoreFailed, invalidToken, wrongAccessToken } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import type { AccountStore } from './local-provider.ts';
import { TokenSigner } from './token-signer.ts';

/** Docker's username for an identity token, which stands for any. */
export const anyUsername = '<token>';

/** The `typ` of tokens that are issued for access tokens (https://www.rfc-editor.org/rfc/rfc9068#section-2.1). */
const type = 'at+jwt';

/** An access token as it is stored. Times are milliseconds since the epoch. */
export interface StoredAccessToken extends TokenGrant {
  readonly accountId: string;
  readonly generation: number;
  readonly expiresAt: number;
  /** Until when the secret of the generation before is good for. */
  readonly previousUntil?: number;
}

/** The part of the registry's database that access tokens need; `MetadataStore.tokens` implements it. */
export interface AccessTokenStore {
  findById(id: string): Promise<StoredAccessToken | undefined>;
  findBySecret(
    secretHash: string,
  ): Promise<{ readonly token: StoredAccessToken; readonly generation: number } | undefined>;
}

/** The account of a token, and when that stops being good for tokens unless it signs in. */
export interface TokenOwner {
  readonly principal: Principal;
  /** Milliseconds since the epoch; absent where it has no end. */
  readonly endsAt?: number;
}

/** Options of an {@link AccessTokenProvider}. */
export interface AccessTokenProviderOptions {
  readonly store: AccessTokenStore;
  readonly revocations: Pick<AccountStore, 'isTokenRevoked' | 'revokeToken'>;
  /** The account, if its tokens are good. */
  readonly ownerOf: (accountId: string) => Promise<TokenOwner | undefined>;
  /** Ed25519; see `loadOrCreateSigningKey`. */
  readonly signingKey: KeyObject;
  readonly serviceName: string;
  /** The lifetime of a login, milliseconds. */
  readonly tokenTtlMs: number;
  readonly clock?: Clock;
}

/** A good access token with its owner. */
interface GoodToken {
  readonly token: StoredAccessToken;
  readonly generation: number;
  readonly principal: Principal;
  readonly endsAt: number;
}

/**
 * Access tokens: their secrets are passwords of their accounts, and credentials by themselves. A token that is issued for one names
 * it, ends no later, and is looked at anew by each validation, so that revocation takes effect immediately.
 */
export class AccessTokenProvider implements IdentityProvider {
  readonly #options: AccessTokenProviderOptions;
  readonly #signer: TokenSigner;
  readonly #clock: Clock;

  constructor(options: AccessTokenProviderOptions) {
    const { signingKey, serviceName, tokenTtlMs: ttlMs, clock = systemClock } = options;
    this.#options = options;
    this.#signer = new TokenSigner(signingKey, serviceName, { type, ttlMs });
    this.#clock = clock;
  }

  /** Whether a password or a token is for this provider to decide about, good or not. */
  static owns(credential: string): boolean {
    return isSecretLike(credential) || typeOf(credential) === type;
  }

  async login(username: string, secret: string): Promise<IssuedToken> {
    const found = await this.#findBySecret(secret);
    if (found === undefined) throw wrongAccessToken();
    const { token, generation, principal, endsAt } = found;
    if (username !== principal.username && username !== anyUsername) throw wrongAccessToken();
    const purpose = { accessToken: { id: token.id, generation } };
    const signed = await this.#signer.sign(principal.id, purpose, this.#clock.now(), endsAt);
    return { ...signed, principal, grant: grantOf(token) };
  }

  async validate(credential: string): Promise<ValidatedToken> {
    if (isSecretLike(credential)) {
      const found = await this.#findBySecret(credential);
      if (found === undefined) throw invalidToken();
      return { principal: found.principal, expiresAt: found.endsAt, grant: grantOf(found.token) };
    }
    const { subject, tokenId, expiresAt, accessToken } = await this.#signer.verify(credential, this.#clock.now());
    if (accessToken === undefined) throw invalidToken();
    const { store, revocations } = this.#options;
    const [isRevoked, token] = await Promise.all([
      revocations.isTokenRevoked(tokenId),
      store.findById(accessToken.id),
    ]).catch(accountStoreFailed);
    if (isRevoked || token?.accountId !== subject) throw invalidToken();
    const good = await this.#withOwner(token, accessToken.generation);
    if (good === undefined) throw invalidToken();
    return { principal: good.principal, expiresAt: Math.min(expiresAt, good.endsAt), grant: grantOf(token) };
  }

  /** Ends a token that was issued for an access token. The access token itself ends by its revocation only. */
  async revoke(credential: string): Promise<void> {
    const now = this.#clock.now();
    const claims = await this.#signer.verify(credential, now).catch(() => undefined);
    if (claims === undefined) return;
    const { tokenId, expiresAt } = claims;
    await this.#options.revocations.revokeToken({ tokenId, expiresAt, now }).catch(accountStoreFailed);
  }

  async #findBySecret(secret: string): Promise<GoodToken | undefined> {
    if (!isSecret(secret)) return undefined;
    const found = await this.#options.store.findBySecret(secretHash(secret)).catch(accountStoreFailed);
    return found && (await this.#withOwner(found.token, found.generation));
  }

  async #withOwner(token: StoredAccessToken, generation: number): Promise<GoodToken | undefined> {
    const owner = await this.#options.ownerOf(token.accountId).catch(accountStoreFailed);
    if (owner === undefined) return undefined;
    const endsAt = Math.min(endOf(token, generation), owner.endsAt ?? Infinity);
    if (endsAt <= this.#clock.now()) return undefined;
    return { token, generation, principal: owner.principal, endsAt };
  }
}

/** Passes on what concerns access tokens to their provider, and everything else to another one. */
export function withAccessTokens(accessTokens: IdentityProvider, others: IdentityProvider): IdentityProvider {
  const providerOf = (credential: string) => (AccessTokenProvider.owns(credential) ? accessTokens : others);
  return {
    login: (username, password, requester) => providerOf(password).login(username, password, requester),
    validate: (token) => providerOf(token).validate(token),
    revoke: (token) => providerOf(token).revoke(token),
  };
}

/** The end of a secret: of the present one that of the token, of the one before that of the overlap. */
function endOf({ generation, expiresAt, previousUntil = 0 }: StoredAccessToken, of: number): number {
  if (of === generation) return expiresAt;
  return of === generation - 1 ? Math.min(previousUntil, expiresAt) : 0;
}

function grantOf({ id, name, scope, actions, repositories }: StoredAccessToken): TokenGrant {
  return { id, name, scope, actions, repositories };
}

/** What the header of a token says that it is, which decides only who checks it. */
function typeOf(token: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString());
    return (header as { readonly typ?: unknown } | null)?.typ;
  } catch {
    return undefined;
  }
}
