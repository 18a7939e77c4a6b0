import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { invalidToken } from './errors.ts';
import { graceMs, isBearerToken, promisedSeconds } from './tokens.ts';

/** A working day. */
export const usualTokenTtlMs = 8 * 3_600_000;

const algorithm = 'EdDSA';
const issuer = 'mcr';

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
  /** Identifies the account's password when the token was issued; absent in tokens of 0.1 and of access tokens. */
  readonly passwordMark?: string;
  /** The access token that it was issued for. */
  readonly accessToken?: TokenSource;
}

/** An access token, and which of its secrets. */
export interface TokenSource {
  readonly id: string;
  readonly generation: number;
}

/** What a token is issued for: an account's password, or one of its access tokens. */
export type TokenPurpose = { readonly passwordMark: string } | { readonly accessToken: TokenSource };

/** Options of a {@link TokenSigner}. */
export interface TokenSignerOptions {
  /** The `typ` of the header: tokens of another one are rejected (default: `JWT`). */
  readonly type?: 'JWT' | 'at+jwt';
  /** The lifetime reported to clients, milliseconds (default: 8 hours). */
  readonly ttlMs?: number;
}

/**
 * Ed25519 JWTs (RFC 8037). Algorithm, key, issuer and audience are fixed; key references in a token's header (`kid`,
 * `jwk`, `jku`, `x5c`, `x5u`) are ignored.
 */
export class TokenSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #audience: string;
  readonly #type: string;
  readonly #ttlMs: number;

  constructor(
    privateKey: KeyObject,
    audience: string,
    { type = 'JWT', ttlMs = usualTokenTtlMs }: TokenSignerOptions = {},
  ) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#audience = audience;
    this.#type = type;
    this.#ttlMs = ttlMs;
  }

  /**
   * Signs a new token for an account. It ends at `until` if that is sooner: Docker and podman never request another one in the middle
   * of a push, so that otherwise it is accepted for some time after its reported lifetime.
   */
  async sign(subject: string, purpose: TokenPurpose, now: number, until = Infinity): Promise<SignedToken> {
    const issuedAt = Math.floor(now / 1000);
    const expiresAt = Math.min(issuedAt + Math.floor((this.#ttlMs + graceMs) / 1000), Math.floor(until / 1000));
    const token = await new SignJWT(claimsOf(purpose))
      .setProtectedHeader({ alg: algorithm, typ: this.#type })
      .setIssuer(issuer)
      .setAudience(this.#audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    const expiresIn = promisedSeconds((expiresAt - issuedAt) * 1000);
    return { token, issuedAt: issuedAt * 1000, expiresAt: expiresAt * 1000, expiresIn };
  }

  /** Checks signature, times, issuer and audience. Throws `UNAUTHORIZED`. */
  async verify(token: string, now: number): Promise<TokenClaims> {
    if (!isBearerToken(token) || !hasCanonicalSignature(token)) throw invalidToken();
    const { payload } = await jwtVerify(token, this.#publicKey, {
      algorithms: [algorithm],
      issuer,
      audience: this.#audience,
      typ: this.#type,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
    }).catch((cause: unknown) => {
      throw invalidToken(cause);
    });
    const { sub: subject, jti: tokenId, exp, pwd: passwordMark, tid: id, gen: generation } = payload;
    if (typeof subject !== 'string' || typeof tokenId !== 'string' || exp === undefined) throw invalidToken();
    const claims = { subject, tokenId, expiresAt: exp * 1000 };
    if (typeof id === 'string' && typeof generation === 'number') return { ...claims, accessToken: { id, generation } };
    if (passwordMark === undefined) return claims;
    if (typeof passwordMark !== 'string') throw invalidToken();
    return { ...claims, passwordMark };
  }
}

function claimsOf(purpose: TokenPurpose): Record<string, string | number> {
  if ('passwordMark' in purpose) return { pwd: purpose.passwordMark };
  return { tid: purpose.accessToken.id, gen: purpose.accessToken.generation };
}

/**
 * Base64 has spare bits at the end: without this check a token had 16 spellings, and revoking one left the others
 * valid.
 */
function hasCanonicalSignature(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
