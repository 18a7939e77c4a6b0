import { type Clock, RegistryError, systemClock } from '@mcr/core';
import type { Configuration, IDToken } from 'openid-client';
import { issuerUnavailable, LoginRejection } from './errors.ts';
import type { OutboundFetch } from './outbound-fetch.ts';

/** Endpoints and algorithms of a provider are looked at again after this time. */
const maxAgeMs = 60 * 60_000;
/** After a failure: browsers reload, and each request would connect. */
const pauseMs = 5_000;
/** Errors of the token endpoint that are about this code; others are about this client. */
const codeErrors: ReadonlySet<string> = new Set(['invalid_grant', 'access_denied']);
/** What openid-client finds wrong with what the browser or the provider brought, as opposed to a failed request. */
const contentCodes: ReadonlySet<string> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
  'OAUTH_ABORT',
]);

/** Options of an {@link OidcClient}. */
export interface OidcClientOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client. */
  readonly clientSecret?: string | undefined;
  readonly scopes: readonly string[];
  readonly fetch: OutboundFetch;
  readonly clock?: Clock;
}

/** What a sign-in began with, and has to end with. */
export interface SignInChecks {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The claims of a person: those of the ID token, and of the userinfo endpoint where it has more. */
export type PersonClaims = Readonly<Record<string, unknown>> & { readonly sub: string };

/**
 * The registry as a client of one OpenID provider: authorization code with PKCE
 * (https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth).
 */
export class OidcClient {
  readonly #options: OidcClientOptions;
  readonly #clock: Clock;
  #known: { readonly configuration: Promise<Configuration>; readonly until: number } | undefined;

  constructor(options: OidcClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Where the browser goes, and what to check when it comes back. `UNAVAILABLE`. */
  async begin(redirectUri: string): Promise<{ readonly location: string; readonly checks: SignInChecks }> {
    const oidc = await import('openid-client');
    const configuration = await this.#configuration();
    const verifier = oidc.randomPKCECodeVerifier();
    const checks = { redirectUri, state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
    const location = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.#options.scopes.join(' '),
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { location: location.href, checks };
  }

  /**
   * Exchanges what the provider sent the browser back with, the query of the callback, for the claims of the person.
   * `UNAUTHORIZED` where it does not fit the checks, `UNAVAILABLE` when the provider fails.
   */
  async finish(query: string, { redirectUri, state, nonce, verifier }: SignInChecks): Promise<PersonClaims> {
    const oidc = await import('openid-client');
    const configuration = await this.#configuration();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims() as IDToken;
      const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = hasMore ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
      return { ...more, ...claims };
    } catch (error) {
      throw this.#problemOf(error);
    }
  }

  /** Where to sign out at the provider too; `undefined` where it has no such page, or does not respond. */
  async endSessionUrl(returnTo: string): Promise<string | undefined> {
    const oidc = await import('openid-client');
    const configuration = await this.#configuration().catch(() => undefined);
    if (configuration?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo }).href;
  }

  /** Looks at the provider now, to find out whether it responds. Throws `UNAVAILABLE`. */
  async discover(): Promise<void> {
    await this.#configuration();
  }

  async #configuration(): Promise<Configuration> {
    const now = this.#clock.now();
    if (this.#known === undefined || now >= this.#known.until) {
      const configuration = this.#load();
      const known = { configuration, until: now + maxAgeMs };
      this.#known = known;
      configuration.catch(() => {
        if (this.#known === known) this.#known = { configuration, until: this.#clock.now() + pauseMs };
      });
    }
    return await this.#known.configuration.catch((error: unknown) => {
      throw issuerUnavailable(this.#options.issuer, error);
    });
  }

  async #load(): Promise<Configuration> {
    const oidc = await import('openid-client');
    const { issuer, clientId, clientSecret, fetch } = this.#options;
    const authentication = clientSecret === undefined ? oidc.None() : undefined;
    const isPlain = issuer.startsWith('http://');
    const configuration = await oidc.discovery(new URL(issuer), clientId, clientSecret, authentication, {
      [oidc.customFetch]: fetch,
      timeout: 10,
      // The configuration allows it for the loopback only.
      execute: isPlain ? [oidc.allowInsecureRequests] : [],
    });
    if (configuration.serverMetadata().issuer !== issuer)
      throw new Error('the discovery document is that of another issuer');
    // Without it, the signature of an ID token is not looked at where TLS vouches for it.
    oidc.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  #problemOf(error: unknown): RegistryError {
    const { code = '', error: reason = '', name = '' } = error as { code?: string; error?: string; name?: string };
    const isContent = name === 'AuthorizationResponseError' || codeErrors.has(reason) || contentCodes.has(code);
    if (!isContent) return issuerUnavailable(this.#options.issuer, error);
    return new RegistryError('UNAUTHORIZED', 'The provider did not confirm this sign-in; begin again', {
      cause: new LoginRejection({ reason: printable(reason || code) }),
    });
  }
}

/** The provider, or a browser, chose some of the text. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
}
