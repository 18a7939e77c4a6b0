import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadWebConfig } from '@mcr/config';
import type { Clock } from '@mcr/core';
import { createLogger } from '@mcr/server-kit/logger';
import { createTestCa, type IssueOptions, type TestCa, tempDirectory } from '@mcr/testkit';
import { createContext } from '../../src/context.ts';
import { startServer } from '../../src/server.ts';
import { rightPassword, tokenOf } from './registry.ts';

/** A web UI on a free port, with the authority of its registry. */
export interface Web extends AsyncDisposable {
  readonly url: string;
  /** URL of its metrics, if enabled. */
  readonly metricsUrl: string | undefined;
  readonly ca: TestCa;
  /** Directory of `mcr.toml`, `ca.crt`, `web.crt` and `web.key`. */
  readonly folder: string;
  /** The log, one object per line. */
  readonly logged: readonly Record<string, unknown>[];
  /** Secrets: passwords, tokens, and the cookies of visitors. Disposing throws if one of them was logged. */
  readonly secrets: Set<string>;
  /** Stops only this server, as SIGTERM does. */
  stop(): Promise<void>;
}

/** Settings that a test changes. */
export interface WebOptions {
  readonly grpcPort: number;
  readonly ca?: TestCa;
  /** Whether the UI has its own certificate. */
  readonly tls?: boolean;
  readonly certificate?: IssueOptions;
  readonly publicUrl?: string;
  readonly clock?: Clock;
  /** `web.metrics_addr`, if it is set. */
  readonly metricsAddr?: string;
  /** Further lines of `mcr.toml`. */
  readonly config?: string;
  readonly trustedProxies?: readonly string[];
}

/** Short, for tests that wait for news. */
const liveIntervalMs = 50;

/** Starts the real server with a configuration as an operator would write it. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const {
    ca = await createTestCa(),
    tls = true,
    grpcPort,
    publicUrl,
    config: more = '',
    trustedProxies = [],
  } = options;
  await using started = new AsyncDisposableStack();
  const folder = started.use(await tempDirectory()).path;
  const own = await ca.issue(options.certificate);
  await writeFile(join(folder, 'ca.crt'), ca.caPem);
  await writeFile(join(folder, 'web.crt'), own.certPem);
  await writeFile(join(folder, 'web.key'), own.keyPem, { mode: 0o600 });
  const text = `[web]
listen_addr = "127.0.0.1:0"
grpc_addr = "127.0.0.1:${grpcPort}"
ca_cert = "ca.crt"
${tls ? 'tls_cert = "web.crt"\ntls_key = "web.key"' : ''}
${options.metricsAddr === undefined ? '' : `metrics_addr = "${options.metricsAddr}"`}
${publicUrl === undefined ? '' : `public_url = "${publicUrl}"`}
trusted_proxies = ${JSON.stringify(trustedProxies)}
${more}
`;
  const config = loadWebConfig({ path: join(folder, 'mcr.toml'), text, env: {} });
  const logged: Record<string, unknown>[] = [];
  const log = createLogger('debug', {
    write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>),
  });
  const context = started.use(
    createContext(config, { log, liveIntervalMs, ...(options.clock && { clock: options.clock }) }),
  );
  const server = started.use(await startServer(context));
  const secrets = new Set([rightPassword, encodeURIComponent(rightPassword), tokenOf('')]);
  const everything = new AsyncDisposableStack();
  everything.defer(() => {
    const text = JSON.stringify(logged);
    const found = [...secrets].filter((secret) => text.includes(secret));
    if (found.length > 0) throw new Error(`The log of the web UI holds ${found.length} passwords, tokens or cookies`);
  });
  everything.use(started.move());
  return {
    url: server.url,
    metricsUrl: server.metricsUrl,
    ca,
    folder,
    logged,
    secrets,
    stop: async () => server[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
