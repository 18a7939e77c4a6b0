import { type Clock, type RegistryError, systemClock } from '@mcr/core';
import type { z } from 'zod';
import { identityServiceUnavailable, invalidToken, tooManyRequests, wrongCredentials } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { MciasHttp, type MciasResponse } from './mcias-http.ts';
import { loginResponse, readResponse, validateResponse } from './mcias-responses.ts';
import { isBearerToken, promisedSeconds } from './tokens.ts';

/** A client that gives up after 15 s, as Docker does, still gets our response. */
const defaultTimeoutMs = 10_000;
/** With a shorter lifetime, clients request a new token before they have used the last one. */
const minimumMs = 60 * 1000;

/** MCIAS rejects the credentials: 400 and 422 for malformed ones, 401 and 403 for wrong ones. */
const rejections: ReadonlySet<number> = new Set([400, 401, 403, 422]);
/** MCIAS has no logout endpoint. */
const unsupported: ReadonlySet<number> = new Set([404, 405, 501]);

/** Options of a {@link MciasProvider}. */
export interface MciasOptions {
  /** `https://host[:port][/prefix]`. */
  readonly serverUrl: string;
  /** PEM of the authorities that may have issued the service's certificate (default: Node's). */
  readonly caCert?: string | readonly string[];
  /** The name under which the registry is known to MCIAS. */
  readonly serviceName: string;
  readonly tags: readonly string[];
  readonly clock?: Clock;
  /** Timeout in milliseconds of a whole call (default: 10,000). */
  readonly timeoutMs?: number;
}

/** The external identity service; see docs/mcias.md for the contract. */
export class MciasProvider implements IdentityProvider {
  readonly #http: MciasHttp;
  readonly #service: { readonly service_name: string; readonly tags: readonly string[] };
  readonly #clock: Clock;

  /** Throws an `Error` if `serverUrl` is not an https URL. */
  constructor(options: MciasOptions) {
    const { serverUrl, caCert, serviceName, tags, clock = systemClock, timeoutMs = defaultTimeoutMs } = options;
    this.#http = new MciasHttp({ serverUrl, caCert, timeoutMs });
    this.#service = { service_name: serviceName, tags };
    this.#clock = clock;
  }

  async login(username: string, password: string): Promise<IssuedToken> {
    if (username === '' || password === '') throw wrongCredentials();
    const issuedAt = this.#clock.now();
    const response = await this.#http.post('/v1/auth/login', { username, password, ...this.#service });
    const { token, expires_at: expiresAt } = read(response, loginResponse, wrongCredentials);
    const life = expiresAt - issuedAt;
    if (life < minimumMs) throw unusable(response, 'the token expires within a minute; check the clocks of both hosts');
    return { token, issuedAt, expiresAt, expiresIn: promisedSeconds(life) };
  }

  async validate(token: string): Promise<ValidatedToken> {
    if (!isBearerToken(token)) throw invalidToken();
    const response = read(await this.#http.post('/v1/token/validate', { token }), validateResponse, invalidToken);
    if (!response.valid || response.expires_at <= this.#clock.now()) throw invalidToken();
    return {
      principal: {
        id: response.sub,
        username: response.username || response.sub,
        accountType: response.account_type === 'human' ? 'human' : 'system',
        roles: response.roles ?? [],
      },
      expiresAt: response.expires_at,
    };
  }

  /**
   * Sends the token in the header as well as in the body. It is not an error if the service has no logout or does not
   * know the token.
   */
  async revoke(token: string): Promise<void> {
    if (!isBearerToken(token)) return;
    const response = await this.#http.post('/v1/auth/logout', { token }, { Authorization: `Bearer ${token}` });
    if (!unsupported.has(response.status) && !rejections.has(response.status)) assertSucceeded(response);
  }

  /** Closes connections; pending calls fail with `UNAVAILABLE`. */
  close(): Promise<void> {
    return this.#http.close();
  }
}

function read<T>(response: MciasResponse, schema: z.ZodType<T>, rejected: (cause: unknown) => RegistryError): T {
  if (rejections.has(response.status)) throw rejected(new Error(response.label));
  assertSucceeded(response);
  try {
    return readResponse(schema, response.text);
  } catch (cause) {
    throw unusable(response, cause instanceof Error ? cause.message : 'the response is unreadable');
  }
}

function assertSucceeded(response: MciasResponse): void {
  const { status } = response;
  if (status === 429) throw tooManyRequests(new Error(response.label));
  if (status >= 300 && status < 400) throw unusable(response, 'redirects are not followed; check mcias.server_url');
  if (status < 200 || status > 299) throw unusable(response, 'this status is not part of the contract');
}

function unusable({ label }: MciasResponse, reason: string): RegistryError {
  return identityServiceUnavailable(new Error(`${label}: ${reason}`));
}
