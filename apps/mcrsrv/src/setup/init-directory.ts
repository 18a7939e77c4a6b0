import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CertificatePaths, certificatePaths, createCertificates } from './create-certificates.ts';
import { type RenderOptions, renderConfig } from './render-config.ts';

/** What to set up. */
export interface InitOptions extends RenderOptions {
  /** Made if it does not exist, like its parents. */
  readonly directory: string;
  /** Names and IP addresses that a new certificate is valid for, beside the loopback. */
  readonly hosts: readonly string[];
  /** What else a first start needs, done with the configuration before that gets its name. */
  readonly complete?: (configPath: string) => Promise<void>;
}

/** What the directory holds now; all paths are absolute. */
export interface InitResult extends CertificatePaths {
  readonly directory: string;
  readonly configPath: string;
  /** What this call made. */
  readonly created: readonly string[];
  /** What was there before, and was left as it is. */
  readonly existing: readonly string[];
}

/** A path, and whether it was made just now. */
type Item = readonly [path: string, made: boolean];

/**
 * Sets up a directory that mcrsrv can run in: `mcr.toml`, `tls/`, `layers/` and `uploads/`. Makes what is missing and
 * overwrites nothing, so that it may be called at each start. A directory with a `mcr.toml` is a complete one.
 * @throws Error if a host is invalid, or if `tls/` holds something else than a certificate and its key, and as
 * `complete` does
 */
export async function initDirectory({ directory, hosts, complete, ...options }: InitOptions): Promise<InitResult> {
  const root = resolve(directory);
  const configPath = join(root, 'mcr.toml');
  const tls = join(root, 'tls');
  await mkdir(root, { recursive: true });
  const items = [
    ...(await initCertificates(tls, hosts)),
    await initPrivateDirectory(join(root, 'layers')),
    await initPrivateDirectory(join(root, 'uploads')),
    await initConfig(configPath, renderConfig(options), complete),
  ];
  return {
    directory: root,
    configPath,
    ...certificatePaths(tls),
    created: items.flatMap(([path, made]) => (made ? [path] : [])),
    existing: items.flatMap(([path, made]) => (made ? [] : [path])),
  };
}

/** A certificate and key that someone put there are as good as ours, with or without `ca.crt`. */
async function initCertificates(tls: string, hosts: readonly string[]): Promise<Item[]> {
  const { caPath, certPath, keyPath } = certificatePaths(tls);
  const paths = [caPath, certPath, keyPath];
  if (existsSync(certPath) && existsSync(keyPath)) return paths.filter(existsSync).map((path) => [path, false]);
  try {
    await createCertificates({ directory: tls, hosts });
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    const message = `${tls} is in use but lacks server.crt or server.key; add both, or remove it so that new ones are made`;
    throw new Error(message, { cause: error });
  }
  return paths.map((path) => [path, true]);
}

async function initPrivateDirectory(path: string): Promise<Item> {
  return [path, await made(mkdir(path, { mode: 0o700 }))];
}

/** A configuration that exists is used: so a new one appears when all that it needs is there. */
async function initConfig(path: string, content: string, complete: InitOptions['complete']): Promise<Item> {
  if (existsSync(path)) {
    await complete?.(path);
    return [path, false];
  }
  const draft = `${path}.new`;
  await writeFile(draft, content);
  try {
    await complete?.(draft);
    await rename(draft, path);
    return [path, true];
  } finally {
    await rm(draft, { force: true });
  }
}

async function made(creation: Promise<void>): Promise<boolean> {
  try {
    await creation;
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}
