import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BackgroundProcess,
  createOciClient,
  createTestCa,
  freePort,
  type OciClient,
  run,
  startProcess,
  tempDirectory,
} from '@mcr/testkit';
import type { Image } from '../content.ts';
import { untilReady } from '../wait-until.ts';
import type { Peer, RunningPeer } from './peer.ts';

/** What a server is given: an address to listen on, certificate and key (PEM files), and an empty directory. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  readonly directory: string;
}

/** A server that is started by one command. */
export interface Command {
  readonly name: string;
  readonly conditions: string;
  readonly executable: string;
  readonly versionArguments: readonly string[];
  /** Responds with 200, without authentication. */
  readonly readyPath: string;
  /** Writes whatever configuration it needs, and returns its arguments. */
  configure(place: Place): Promise<readonly string[]>;
  /** Puts manifests with their tags, whose blobs were pushed, into that directory; absent where they have to be pushed. */
  fill?(directory: string, images: readonly Image[]): void;
  /** Logs in with a client that has no account; absent where none has to. */
  logIn?(client: OciClient): Promise<Pick<RunningPeer, 'authorization' | 'login'>>;
}

/** A peer that needs nothing but a command and a configuration. */
export function commandPeer(command: Command): Peer {
  const { name, conditions, executable, versionArguments } = command;
  return {
    name,
    conditions,
    async version() {
      const result = await run(executable, versionArguments).catch(() => undefined);
      const [line] = (result ? result.stdout + result.stderr : '').split('\n');
      return line?.replace(`${executable} `, '').replace('version: ', '').trim() || undefined;
    },
    start: () => startCommand(command),
  };
}

async function startCommand(command: Command): Promise<RunningPeer> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await tempDirectory('mcr-bench-'));
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  const directory = join(path, 'data');
  const place = {
    host: '127.0.0.1',
    port: await freePort(),
    certificate: join(path, 'cert.pem'),
    key: join(path, 'key.pem'),
    directory,
  };
  await mkdir(directory);
  await writeFile(place.certificate, certPem);
  await writeFile(place.key, keyPem, { mode: 0o600 });
  const args = await command.configure(place);
  const address = { host: place.host, port: place.port, ca: ca.caPem, readyPath: command.readyPath };

  let server: BackgroundProcess;
  const start = async (): Promise<void> => {
    server = await startProcess(command.executable, args, { cwd: directory, outputFile: join(path, 'log') });
    const ended = server.exited.then(({ stdout }) => {
      throw new Error(`${command.name} ended:\n${stdout}`);
    });
    await Promise.race([untilReady(address), ended]);
    ended.catch(() => {});
  };
  resources.defer(async () => void (await server?.stop()));
  await start();

  const baseUrl = `https://${place.host}:${place.port}`;
  const newClient = () => createOciClient({ baseUrl, ca: ca.caPem });
  const loggedIn = await command.logIn?.(resources.use(newClient()));
  const owned = resources.move();
  return {
    ...address,
    name: command.name,
    ...loggedIn,
    ...(command.fill !== undefined && { fill: (images) => command.fill?.(directory, images) }),
    get pid() {
      return server.pid;
    },
    client: () => owned.use(newClient()),
    stop: async () => void (await server.stop()),
    start,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
