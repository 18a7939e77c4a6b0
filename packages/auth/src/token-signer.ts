import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { invalidToken } from './errors.ts';
import { graceMs, isBearerToken } from './tokens.ts';

/** A working day. */
export const usualTokenTtlMs = 8 * 3_600_000;

const algorithm = 'EdDSA';
const issuer = 'mcr';
const type = 'JWT';

/** A signed token and its times in milliseconds since the epoch; `expiresIn` is in seconds. */
export interface SignedToken {
  readonly token: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly expiresIn: number;
}

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

/**
 * Ed25519 JWTs (RFC 8037). Algorithm, key, issuer and audience are fixed; key references in a token's header (`kid`,
 * `jwk`, `jku`, `x5c`, `x5u`) are ignored.
 */
export class TokenSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #audience: string;
  readonly #ttlMs: number;

  /** `ttlMs` is the lifetime reported to clients; tokens are accepted a quarter of an hour longer. */
  constructor(privateKey: KeyObject, audience: string, ttlMs = usualTokenTtlMs) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#audience = audience;
    this.#ttlMs = ttlMs;
  }

  /** Signs a new token for an account; `passwordMark` identifies its password. */
  async sign(subject: string, passwordMark: string, now: number): Promise<SignedToken> {
    const issuedAt = Math.floor(now / 1000);
    const expiresIn = Math.floor(this.#ttlMs / 1000);
    // Docker and podman never request another token in the middle of a push.
    const expiresAt = issuedAt + expiresIn + graceMs / 1000;
    const token = await new SignJWT({ pwd: passwordMark })
      .setProtectedHeader({ alg: algorithm, typ: type })
      .setIssuer(issuer)
      .setAudience(this.#audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    return { token, issuedAt: issuedAt * 1000, expiresAt: expiresAt * 1000, expiresIn };
  }

  /** Checks signature, times, issuer and audience. Throws `UNAUTHORIZED`. */
  async verify(token: string, now: number): Promise<TokenClaims> {
    if (!isBearerToken(token) || !hasCanonicalSignature(token)) throw invalidToken();
    const { payload } = await jwtVerify(token, this.#publicKey, {
      algorithms: [algorithm],
      issuer,
      audience: this.#audience,
      typ: type,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
    }).catch((cause: unknown) => {
      throw invalidToken(cause);
    });
    const { sub: subject, jti: tokenId, exp, pwd: passwordMark } = payload;
    if (typeof subject !== 'string' || typeof tokenId !== 'string' || exp === undefined) throw invalidToken();
    const claims = { subject, tokenId, expiresAt: exp * 1000 };
    if (passwordMark === undefined) return claims;
    if (typeof passwordMark !== 'string') throw invalidToken();
    return { ...claims, passwordMark };
  }
}

/**
 * Base64 has spare bits at the end: without this check a token had 16 spellings, and revoking one left the others
 * valid.
 */
function hasCanonicalSignature(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
