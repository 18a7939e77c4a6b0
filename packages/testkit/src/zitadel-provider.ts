import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { freePort } from './free-port.ts';
import { startProcess } from './processes.ts';

/** Where .ci/run installs it. */
const binary = process.env['MCR_TEST_ZITADEL'] ?? '/usr/local/lib/zitadel-oidc/server';
const readyTimeoutMs = 20_000;

/** An OpenID provider of another maker: the example server of zitadel's library, in Go, over plain http. */
export interface ZitadelProvider extends AsyncDisposable {
  /** Ends in a slash. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Fields of its login form. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Whether it is there: `describe.skipIf(!requireZitadel())`. Throws under CI=true when it is missing. */
export function requireZitadel(): boolean {
  if (existsSync(binary)) return true;
  if (process.env['CI'] === 'true') throw new Error(`There is no ${binary}; .ci/run says how to install it`);
  return false;
}

/** Starts it; the test that starts it disposes it. */
export async function startZitadelProvider(redirectUri: string): Promise<ZitadelProvider> {
  await using cleanup = new AsyncDisposableStack();
  const port = await freePort();
  const issuer = `http://localhost:${port}/`;
  const env = { PATH: process.env['PATH'], PORT: String(port), REDIRECT_URI: redirectUri };
  const server = await startProcess(binary, [], { env });
  cleanup.defer(async () => void (await server.stop(readyTimeoutMs)));
  for (const end = Date.now() + readyTimeoutMs; ; await sleep(50)) {
    const response = await request(`${issuer}.well-known/openid-configuration`).catch(() => undefined);
    await response?.body.dump();
    if (response?.statusCode === 200) break;
    if (Date.now() > end) throw new Error(`The provider is not ready:\n${server.output()}`);
  }
  const owned = cleanup.move();
  const fields = { username: 'test-user@localhost', password: 'verysecure' };
  return { issuer, clientId: 'web', clientSecret: 'secret', fields, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
