import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, startProcess, type TestRegistry } from '@mcr/testkit';

const bundle = fileURLToPath(new URL('../../../../apps/mcr-web/dist/mcr-web.mjs', import.meta.url));
const startMs = 30_000;

/** A bundled web UI in a process of its own. */
export interface WebProcess extends AsyncDisposable {
  readonly baseUrl: string;
  /** Host and port. */
  readonly host: string;
  readonly pid: number;
  /** What it printed. */
  log(): string;
}

/** Starts the web UI of a registry. */
export async function startWeb(
  registry: TestRegistry,
  environment: Readonly<Record<string, string>>,
): Promise<WebProcess> {
  const host = `127.0.0.1:${await freePort()}`;
  const env = {
    PATH: process.env['PATH'],
    MCR_WEB_LISTEN_ADDR: host,
    MCR_WEB_GRPC_ADDR: new URL(registry.grpcUrl).host,
    ...environment,
  };
  const web = await startProcess(process.execPath, [bundle, 'server', '--config', registry.configPath], { env });
  for (const end = performance.now() + startMs; !web.output().includes('listening'); await sleep(50)) {
    if (performance.now() > end) throw new Error(`mcr-web does not start: ${web.output()}`);
  }
  return {
    baseUrl: `https://${host}`,
    host,
    pid: web.pid,
    log: () => web.output(),
    [Symbol.asyncDispose]: async () => void (await web.stop()),
  };
}
