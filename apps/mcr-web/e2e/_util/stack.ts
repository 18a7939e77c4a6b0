import { existsSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BackgroundProcess, freePort, startProcess, startRegistry, type TestRegistry } from '@mcr/testkit';

/** A real registry with a real web UI in front of it, both over TLS. */
export interface Stack extends AsyncDisposable {
  readonly registry: TestRegistry;
  /** URL of the UI, and its process. */
  readonly url: string;
  readonly pid: number;
}

const bundle = fileURLToPath(new URL('../../dist/mcr-web.mjs', import.meta.url));
const readyTimeoutMs = 20_000;

/** Starts both from their bundles, with the certificates of `mcrsrv init`. */
export async function startStack(options: { readonly env?: Readonly<Record<string, string>> } = {}): Promise<Stack> {
  if (!existsSync(bundle)) throw new Error(`Build the web UI first: there is no ${bundle}`);
  await using resources = new AsyncDisposableStack();
  const registry = resources.use(await startRegistry(options));
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    MCR_WEB_LISTEN_ADDR: `127.0.0.1:${port}`,
    MCR_WEB_GRPC_ADDR: new URL(registry.grpcUrl).host,
    MCR_WEB_CA_CERT: 'tls/ca.crt',
    MCR_WEB_TLS_CERT: 'tls/server.crt',
    MCR_WEB_TLS_KEY: 'tls/server.key',
    MCR_LOG_LEVEL: 'warn',
  };
  const args = [bundle, 'server', '--config', registry.configPath];
  const web = await startProcess(process.execPath, args, { env, cwd: registry.directory });
  resources.defer(async () => void (await web.stop(readyTimeoutMs)));
  const url = `https://127.0.0.1:${port}`;
  await untilReady(url, registry.ca, web);
  const owned = resources.move();
  return { registry, url, pid: web.pid, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function untilReady(url: string, ca: string, web: BackgroundProcess): Promise<void> {
  for (const end = Date.now() + readyTimeoutMs; Date.now() < end; await sleep(50)) {
    if ((await statusOf(`${url}/login`, ca)) === 200) return;
  }
  throw new Error(`The web UI is not ready:\n${web.output()}`);
}

async function statusOf(url: string, ca: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  request(url, { ca, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on('error', () => resolve(undefined))
    .end();
  return await promise;
}
