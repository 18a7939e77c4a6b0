import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessResult, run } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';
import { startContainerd } from './containerd.ts';

/** containerd's own client, with a containerd of its own, certificates verified. */
export interface Ctr extends AsyncDisposable {
  /** Runs ctr with the given arguments and returns whatever came of it. */
  ctr(...args: string[]): Promise<ProcessResult>;
  /** Imports an OCI layout as `name:tag`, where the tag is the layout's own. */
  load(layout: string, name: string): Promise<ProcessResult>;
  push(reference: string, ...options: string[]): Promise<ProcessResult>;
  pull(reference: string, ...options: string[]): Promise<ProcessResult>;
  /** Removes all images and their content, so that the next pull transfers everything. */
  forget(): Promise<void>;
  /** The digest that containerd has for a local image. */
  digest(reference: string): Promise<string>;
}

/** How to start ctr: the registry and the credentials. */
export interface CtrOptions extends ClientOptions {
  /** Host and port of the registry. */
  readonly host: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Starts a containerd (needs root) and returns ctr on it. Disposing ends containerd. */
export async function startCtr(options: CtrOptions): Promise<Ctr> {
  const env = clientEnvironment(options);
  const hosts = await hostsDirectory(options);
  const containerd = await startContainerd(options.directory, env);
  const ctr = (...args: string[]): Promise<ProcessResult> =>
    run('ctr', ['--address', containerd.socket, ...args], { env });
  const { credentials } = options;
  const user = credentials ? ['--user', `${credentials.username}:${credentials.password}`] : [];
  const images = async (): Promise<string[]> => (await ctr('images', 'ls', '-q')).stdout.split('\n').filter(Boolean);
  return {
    ctr,
    async load(layout, name) {
      const archive = join(options.directory, 'import.tar');
      const packed = await run('tar', ['--create', '--file', archive, '--directory', layout, '.'], { env });
      if (packed.code !== 0) return packed;
      return await ctr('images', 'import', '--base-name', name, '--all-platforms', '--no-unpack', archive);
    },
    push: (reference, ...more) => ctr('images', 'push', '--hosts-dir', hosts, ...user, ...more, reference),
    pull: (reference, ...more) =>
      ctr('images', 'pull', '--hosts-dir', hosts, '--snapshotter', 'native', ...user, ...more, reference),
    async forget() {
      for (const image of await images()) await ctr('images', 'rm', '--sync', image);
    },
    async digest(reference) {
      const { stdout } = await ctr('images', 'ls', `name==${reference}`);
      return /sha(?:256|512):[a-f0-9]+/.exec(stdout)?.[0] ?? '';
    },
    [Symbol.asyncDispose]: () => containerd[Symbol.asyncDispose](),
  };
}

/** Without this file ctr speaks plain http to loopback addresses. */
async function hostsDirectory({ directory, host, caPath }: CtrOptions): Promise<string> {
  const hosts = join(directory, 'hosts');
  await mkdir(join(hosts, host), { recursive: true });
  const config = `server = "https://${host}"\n[host."https://${host}"]\nca = "${caPath}"\n`;
  await writeFile(join(hosts, host, 'hosts.toml'), config);
  return hosts;
}
