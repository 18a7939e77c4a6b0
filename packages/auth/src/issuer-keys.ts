import { type Clock, type RegistryError, systemClock } from '@mcr/core';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import { issuerUnavailable } from './errors.ts';
import type { OutboundFetch } from './outbound-fetch.ts';

/** Signatures that only the issuer can make; never `none`, nor secrets that both sides have. */
export const issuerAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** Keys are fetched again after this time, and a withdrawn key is trusted no longer. */
const maxAgeMs = 10 * 60_000;
/** A token with an unknown key causes a fetch, but no more than one in this time. */
const cooldownMs = 30_000;
/** After a failure; clients retry, and each of them would connect. */
const pauseMs = 5_000;
/** Issuers have a handful. */
const maxKeys = 64;
/** The clocks of two hosts differ by this much, in seconds. */
const clockTolerance = 30;

/** Options of {@link IssuerKeys}. */
export interface IssuerKeysOptions {
  /** As its tokens and its discovery document spell it. */
  readonly issuer: string;
  /** Where its keys are (default: what its discovery document says, on the same origin). */
  readonly jwksUrl?: string | undefined;
  readonly fetch: OutboundFetch;
  readonly clock?: Clock;
}

/**
 * Verifies the tokens of one issuer with keys that it publishes, which are cached. Nothing that a token says decides what is
 * fetched.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #clock: Clock;
  readonly #keys: RemoteJWKSet;
  #failure: { readonly error: Error; readonly until: number } | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#keys = createRemoteJWKSet(new URL(options.jwksUrl ?? discoveryUrl(options.issuer)), {
      cacheMaxAge: maxAgeMs,
      cooldownDuration: cooldownMs,
      timeoutDuration: 10_000,
      [customFetch]: (_url, request) => this.#fetchKeys(request.signal),
    });
  }

  /**
   * The claims of a token: signed by the issuer, for this audience, not expired. Throws an error of jose (`code` begins with
   * `ERR_J`) for any other token, and `UNAVAILABLE` when keys are needed and the issuer does not respond.
   */
  async verify(token: string, audience: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#options.issuer,
        audience,
        algorithms: [...issuerAlgorithms],
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: new Date(this.#clock.now()),
        clockTolerance,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC' && error.code !== 'ERR_JWKS_TIMEOUT')
        throw error;
      throw this.#unavailable(error);
    }
  }

  /** Fetches the keys now, to find out whether they can be had. Throws `UNAVAILABLE`. */
  async reload(): Promise<void> {
    await this.#keys.reload().catch((error: unknown) => {
      throw this.#unavailable(error);
    });
  }

  #unavailable(cause: unknown): RegistryError {
    return issuerUnavailable(this.#options.issuer, cause);
  }

  async #fetchKeys(signal: AbortSignal): Promise<Response> {
    const now = this.#clock.now();
    if (this.#failure !== undefined && now < this.#failure.until) throw this.#failure.error;
    try {
      const response = await this.#request(this.#options.jwksUrl ?? (await this.#discover(signal)), signal);
      const { keys } = (await response.clone().json()) as { keys?: unknown };
      if (!Array.isArray(keys) || keys.length > maxKeys)
        throw new Error(`the set of keys has no list of 1 to ${maxKeys} keys`);
      this.#failure = undefined;
      return response;
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      this.#failure = { error, until: now + pauseMs };
      throw error;
    }
  }

  /** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
  async #discover(signal: AbortSignal): Promise<string> {
    const { issuer } = this.#options;
    const document = (await (await this.#request(discoveryUrl(issuer), signal)).json()) as Record<string, unknown>;
    if (document['issuer'] !== issuer) throw new Error('the discovery document is that of another issuer');
    const url = URL.parse(String(document['jwks_uri']));
    if (url?.origin !== new URL(issuer).origin) {
      throw new Error(
        `the keys are not on the origin of the issuer, but at ${String(document['jwks_uri'])}; set jwks_url`,
      );
    }
    return url.href;
  }

  async #request(url: string, signal: AbortSignal): Promise<Response> {
    const response = await this.#options.fetch(url, { headers: { accept: 'application/json' }, signal });
    if (response.status === 200) return response;
    throw new Error(
      `GET ${url} responded with ${response.status}${response.status < 400 ? ', and redirects are not followed' : ''}`,
    );
  }
}

function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
