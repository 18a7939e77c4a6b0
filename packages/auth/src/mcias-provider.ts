import { type Clock, type RegistryError, systemClock } from '@mcr/core';
import type { z } from 'zod';
import { isBearerToken } from './bearer-token.ts';
import { identityServiceUnavailable, invalidToken, tooManyRequests, wrongCredentials } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { loginAnswer, readAnswer, validateAnswer } from './mcias-answers.ts';
import { MciasHttp, type MciasResponse } from './mcias-http.ts';
import { promisedSeconds } from './promised-life.ts';

/** A client that gives up after 15 s, as Docker does, still gets our answer. */
const defaultTimeoutMs = 10_000;
/** Below this clients ask for a new token before they have used the last. */
const minimumMs = 60 * 1000;

/** MCIAS refuses what it was given: 400 and 422 find it malformed, 401 and 403 wrong. */
const refusals: ReadonlySet<number> = new Set([400, 401, 403, 422]);
/** MCIAS has no logout. */
const unsupported: ReadonlySet<number> = new Set([404, 405, 501]);

/** What a {@link MciasProvider} is made of. */
export interface MciasOptions {
  /** `https://host[:port][/prefix]`. */
  readonly serverUrl: string;
  /** PEM of the authorities that may have issued the service's certificate; Node's own when absent. */
  readonly caCert?: string | readonly string[];
  /** What the registry is called there. */
  readonly serviceName: string;
  readonly tags: readonly string[];
  readonly clock?: Clock;
  /** Milliseconds for a whole call, 10,000 when absent. */
  readonly timeoutMs?: number;
}

/** The external identity service; docs/mcias.md has the contract. */
export class MciasProvider implements IdentityProvider {
  readonly #http: MciasHttp;
  readonly #service: { readonly service_name: string; readonly tags: readonly string[] };
  readonly #clock: Clock;

  /** Throws an `Error` when `serverUrl` is not an https URL. */
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
    const { token, expires_at: expiresAt } = read(response, loginAnswer, wrongCredentials);
    const life = expiresAt - issuedAt;
    if (life < minimumMs) throw unusable(response, 'the token expires within a minute; check the clocks of both hosts');
    return { token, issuedAt, expiresAt, expiresIn: promisedSeconds(life) };
  }

  async validate(token: string): Promise<ValidatedToken> {
    if (!isBearerToken(token)) throw invalidToken();
    const answer = read(await this.#http.post('/v1/token/validate', { token }), validateAnswer, invalidToken);
    if (!answer.valid || answer.expires_at <= this.#clock.now()) throw invalidToken();
    return {
      principal: {
        id: answer.sub,
        username: answer.username || answer.sub,
        accountType: answer.account_type === 'human' ? 'human' : 'system',
        roles: answer.roles ?? [],
      },
      expiresAt: answer.expires_at,
    };
  }

  /** The token goes in the header as well as in the body. A service without logout, or that knows no such token, is fine. */
  async revoke(token: string): Promise<void> {
    if (!isBearerToken(token)) return;
    const response = await this.#http.post('/v1/auth/logout', { token }, { Authorization: `Bearer ${token}` });
    if (!unsupported.has(response.status) && !refusals.has(response.status)) assertAnswered(response);
  }

  /** Closes connections; calls under way fail with `UNAVAILABLE`. */
  close(): Promise<void> {
    return this.#http.close();
  }
}

function read<T>(response: MciasResponse, schema: z.ZodType<T>, refused: (cause: unknown) => RegistryError): T {
  if (refusals.has(response.status)) throw refused(new Error(response.label));
  assertAnswered(response);
  try {
    return readAnswer(schema, response.text);
  } catch (cause) {
    throw unusable(response, cause instanceof Error ? cause.message : 'the answer cannot be read');
  }
}

function assertAnswered(response: MciasResponse): void {
  const { status } = response;
  if (status === 429) throw tooManyRequests(new Error(response.label));
  if (status >= 300 && status < 400) throw unusable(response, 'redirects are not followed; check mcias.server_url');
  if (status < 200 || status > 299) throw unusable(response, 'this status is not part of the contract');
}

function unusable({ label }: MciasResponse, reason: string): RegistryError {
  return identityServiceUnavailable(new Error(`${label}: ${reason}`));
}
