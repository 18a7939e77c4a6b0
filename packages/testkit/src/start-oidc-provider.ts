import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';
import { createTestCa, type TestCa } from './tls.ts';

/** A person at the provider. */
export interface ProviderPerson {
  readonly groups?: readonly string[];
  /** `preferred_username` (default: the login). */
  readonly username?: string;
}

/** Options of {@link startOidcProvider}. */
export interface OidcProviderOptions {
  /** Where people come back to: `https://…/login/callback`. */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly ca?: TestCa;
}

/** An OpenID provider, npm's `oidc-provider`, over TLS on a free port of 127.0.0.1. Any login and password are right. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly caPem: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By login; others have no groups. */
  readonly people: Map<string, ProviderPerson>;
  /** Stops listening. */
  stop(): Promise<void>;
}

const clientId = 'mcr';
const clientSecret = 'the secret of the client';

/** The part of Koa's context that pages set. */
interface Context {
  body: string;
}

/** The page that asks whether to sign out; with a page of one's own, the provider prints nothing. */
function logoutSource(context: Context, form: string): void {
  const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>';
  context.body = `<!doctype html><html lang="en"><title>Sign out</title>${form}${button}</html>`;
}

/** It warns on the console that it is for development. */
function quietly<T>(work: () => T): T {
  const usual = globalThis.console;
  globalThis.console = { ...usual, warn: () => {} };
  try {
    return work();
  } finally {
    globalThis.console = usual;
  }
}

/** Starts a provider; the test that starts it disposes it. */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProvider> {
  const ca = options.ca ?? (await createTestCa());
  const { certPem, keyPem } = await ca.issue();
  const people: OidcProvider['people'] = new Map();
  // The issuer has the port, which is known once the server listens.
  let handle: ReturnType<Provider['callback']> | undefined;
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider has no port');
  const issuer = `https://localhost:${address.port}`;
  const client = {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: options.redirectUris,
    post_logout_redirect_uris: options.postLogoutRedirectUris ?? [],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    // Any port of the loopback, as RFC 8252 has it.
    application_type: options.redirectUris.some((uri) => uri.startsWith('http:')) ? 'native' : 'web',
  };
  handle = quietly(
    () =>
      new Provider(issuer, {
        clients: [client],
        scopes: ['openid', 'groups'],
        claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
        // Claims are at the userinfo endpoint, as of providers that keep ID tokens small.
        conformIdTokenClaims: true,
        features: { rpInitiatedLogout: { enabled: true, logoutSource }, devInteractions: { enabled: true } },
        renderError: (context: Context, { error }: { readonly error: string }) => {
          context.body = error;
        },
        pkce: { required: () => true },
        cookies: { keys: ['a key of cookies'] },
        ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 3_600, Grant: 3_600, AuthorizationCode: 60 },
        findAccount: (_context: unknown, sub: string) => ({
          accountId: sub,
          claims: () => ({
            sub,
            preferred_username: people.get(sub)?.username ?? sub,
            groups: people.get(sub)?.groups ?? [],
          }),
        }),
      }),
  ).callback();

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  return { issuer, caPem: ca.caPem, clientId, clientSecret, people, stop, [Symbol.asyncDispose]: stop };
}
