import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { invalidToken } from './errors.ts';
import { isBearerToken, promisedSeconds } from './tokens.ts';

const algorithm = 'EdDSA';
const issuer = 'mcr';

/** A signed token and its times in milliseconds since the epoch; `expiresIn` is in seconds. */
export interface SignedToken {
  readonly token: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly expiresIn: number;
}

/** What a token says of its holder, beside its times. */
export interface KindClaims {
  readonly subject: string;
  /** Private claims: https://www.rfc-editor.org/rfc/rfc7519#section-4.3 */
  readonly claims: Readonly<Record<string, string>>;
}

/** The content of a valid token of a kind; times in milliseconds since the epoch. */
export interface KindToken {
  readonly subject: string;
  readonly tokenId: string;
  readonly expiresAt: number;
  readonly payload: JWTPayload;
}

/**
 * Ed25519 JWTs (RFC 8037) of one kind. The `typ` tells the kinds apart, so that no token of one passes for one of another
 * (https://www.rfc-editor.org/rfc/rfc8725#section-3.11). Algorithm, key, issuer and audience are fixed; key references in a
 * token's header (`kid`, `jwk`, `jku`, `x5c`, `x5u`) are ignored.
 */
export class KindSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #audience: string;
  readonly #type: string;
  readonly #start: string;

  constructor(privateKey: KeyObject, audience: string, type: string) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#audience = audience;
    this.#type = type;
    this.#start = `${Buffer.from(JSON.stringify(this.#header)).toString('base64url')}.`;
  }

  get #header() {
    return { alg: algorithm, typ: this.#type };
  }

  /** Whether a token begins as those of this kind do; {@link verify} finds out whether it is one. Asked at each request. */
  claims(token: string): boolean {
    return token.startsWith(this.#start);
  }

  /** Signs a token that is accepted for `lifeMs` milliseconds. */
  async sign({ subject, claims }: KindClaims, now: number, lifeMs: number): Promise<SignedToken> {
    const issuedAt = Math.floor(now / 1000);
    // The second in which its life ends, whenever it is signed: a later one of the same end does not outlive an earlier one.
    const expiresAt = Math.floor((now + lifeMs) / 1000);
    const token = await new SignJWT(claims)
      .setProtectedHeader(this.#header)
      .setIssuer(issuer)
      .setAudience(this.#audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    return { token, issuedAt: issuedAt * 1000, expiresAt: expiresAt * 1000, expiresIn: promisedSeconds(lifeMs) };
  }

  /** Checks signature, times, issuer, audience and kind. Throws `UNAUTHORIZED`. */
  async verify(token: string, now: number): Promise<KindToken> {
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
    const { sub: subject, jti: tokenId, exp } = payload;
    if (typeof subject !== 'string' || typeof tokenId !== 'string' || exp === undefined) throw invalidToken();
    return { subject, tokenId, expiresAt: exp * 1000, payload };
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
