import type { KeyObject } from 'node:crypto';
import { type Clock, type Principal, systemClock, type TokenGrant } from '@mcr/core';
import { isSecret, isSecretLike, secretHash } from './access-token-secret.ts';
import { accountStoreFailed, invalidToken, wrongAccessToken } from './errors.ts';
import type { KindProvider } from './federated-identity.ts';
import type { IssuedToken, ValidatedToken } from './identity-provider.ts';
import { KindSigner } from './kind-signer.ts';
import type { AccountStore } from './local-provider.ts';
import { graceMs } from './tokens.ts';

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
export class AccessTokenProvider implements KindProvider {
  readonly #options: AccessTokenProviderOptions;
  readonly #signer: KindSigner;
  readonly #clock: Clock;

  constructor(options: AccessTokenProviderOptions) {
    const { signingKey, serviceName, clock = systemClock } = options;
    this.#options = options;
    this.#signer = new KindSigner(signingKey, serviceName, type);
    this.#clock = clock;
  }

  /** Secrets of access tokens take the place of passwords. */
  takes(_username: string, password: string): boolean {
    return isSecretLike(password);
  }

  /** Secrets, and what they were exchanged for. */
  claims(token: string): boolean {
    return isSecretLike(token) || this.#signer.claims(token);
  }

  async login(username: string, secret: string): Promise<IssuedToken> {
    const found = await this.#findBySecret(secret);
    if (found === undefined) throw wrongAccessToken();
    const { token, generation, principal, endsAt } = found;
    if (username !== principal.username && username !== anyUsername) throw wrongAccessToken();
    const now = this.#clock.now();
    const life = Math.min(this.#options.tokenTtlMs + graceMs, endsAt - now);
    const claims = { subject: principal.id, claims: { tid: token.id, gen: String(generation) } };
    const signed = await this.#signer.sign(claims, now, life);
    const details = { token_id: token.id, token: token.name };
    return { ...signed, principal, grant: grantOf(token), details };
  }

  async validate(credential: string): Promise<ValidatedToken> {
    if (isSecretLike(credential)) {
      const found = await this.#findBySecret(credential);
      if (found === undefined) throw invalidToken();
      return { principal: found.principal, expiresAt: found.endsAt, grant: grantOf(found.token) };
    }
    const { subject, tokenId, expiresAt, payload } = await this.#signer.verify(credential, this.#clock.now());
    const { store, revocations } = this.#options;
    const [isRevoked, token] = await Promise.all([
      revocations.isTokenRevoked(tokenId),
      store.findById(String(payload['tid'])),
    ]).catch(accountStoreFailed);
    if (isRevoked || token?.accountId !== subject) throw invalidToken();
    const good = await this.#withOwner(token, Number(payload['gen']));
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

/** The end of a secret: of the present one that of the token, of the one before that of the overlap. */
function endOf({ generation, expiresAt, previousUntil = 0 }: StoredAccessToken, of: number): number {
  if (of === generation) return expiresAt;
  return of === generation - 1 ? Math.min(previousUntil, expiresAt) : 0;
}

function grantOf({ id, name, scope, actions, repositories }: StoredAccessToken): TokenGrant {
  return { id, name, scope, actions, repositories };
}
