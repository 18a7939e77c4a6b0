import type { KeyObject } from 'node:crypto';
import { invalidToken } from './errors.ts';
import { KindSigner, type SignedToken } from './kind-signer.ts';
import { graceMs } from './tokens.ts';

export type { SignedToken };

/** A working day. */
export const usualTokenTtlMs = 8 * 3_600_000;

/** The content of a token. */
export interface TokenClaims {
  /** UUID of the account. */
  readonly subject: string;
  readonly tokenId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Identifies the account's password when the token was issued; absent in tokens of 0.1. */
  readonly passwordMark?: string;
}

/** The tokens of accounts of the registry. */
export class TokenSigner {
  readonly #signer: KindSigner;
  readonly #ttlMs: number;

  /** `ttlMs` is the lifetime reported to clients, 15 minutes or more; tokens are accepted a quarter of an hour longer. */
  constructor(privateKey: KeyObject, audience: string, ttlMs = usualTokenTtlMs) {
    this.#signer = new KindSigner(privateKey, audience, 'JWT');
    this.#ttlMs = ttlMs;
  }

  /** Signs a new token for an account; `passwordMark` identifies its password. */
  async sign(subject: string, passwordMark: string, now: number): Promise<SignedToken> {
    // Docker and podman never request another token in the middle of a push.
    return await this.#signer.sign({ subject, claims: { pwd: passwordMark } }, now, this.#ttlMs + graceMs);
  }

  /** Checks signature, times, issuer and audience. Throws `UNAUTHORIZED`. */
  async verify(token: string, now: number): Promise<TokenClaims> {
    const { subject, tokenId, expiresAt, payload } = await this.#signer.verify(token, now);
    const { pwd: passwordMark } = payload;
    const claims = { subject, tokenId, expiresAt };
    if (passwordMark === undefined) return claims;
    if (typeof passwordMark !== 'string') throw invalidToken();
    return { ...claims, passwordMark };
  }
}
