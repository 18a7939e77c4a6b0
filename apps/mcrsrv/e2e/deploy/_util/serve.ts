import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, freePort, type OciClient, runOk, startProcess } from '@mcr/testkit';

/** A registry that was set up and started the way an operator does it, with the commands of one artifact. */
export interface ServedRegistry extends AsyncDisposable {
  readonly client: OciClient;
  readonly directory: string;
  readonly baseUrl: string;
  readonly grpcAddress: string;
}

/** Which commands, and in which surroundings. */
export interface ServeOptions {
  /** The command `mcrsrv`, with words to put before its arguments. */
  readonly mcrsrv: readonly [string, ...string[]];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** A directory for the data, as the command sees it. */
  readonly directory: string;
  /** The same directory, as the test sees it; default: the same path. */
  readonly seenAs?: string;
}

/** Runs `mcrsrv init`, `server` and `health --wait` on free ports. */
export async function serve({ mcrsrv, env, directory, seenAs = directory }: ServeOptions): Promise<ServedRegistry> {
  const [command, ...first] = mcrsrv;
  const address = `127.0.0.1:${await freePort()}`;
  const grpcAddress = `127.0.0.1:${await freePort()}`;
  const options = { env: { ...env, MCR_SERVER_LISTEN_ADDR: address, MCR_SERVER_GRPC_ADDR: grpcAddress } };
  const config = ['--config', join(directory, 'mcr.toml')];
  await runOk(command, [...first, 'init', '--dir', directory], options);
  const password = (await readFile(join(seenAs, 'initial-admin-password'), 'utf8')).trim();

  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startProcess(command, [...first, 'server', ...config], options));
  await runOk(command, [...first, 'health', ...config, '--wait', '60', '--pid', String(server.pid)], options);
  const ca = await readFile(join(seenAs, 'tls', 'ca.crt'), 'utf8');
  const baseUrl = `https://${address}`;
  const client = resources.use(createOciClient({ baseUrl, ca, username: 'admin', password }));
  const owned = resources.move();
  return { client, directory: seenAs, baseUrl, grpcAddress, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
