import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/**
 * Packs a directory into a `.tar.gz` whose bytes depend on names and contents only: sorted, owned by root, `mtime`
 * (seconds since the epoch) on everything, and compressed by this Node, whose version is pinned. It takes GNU tar.
 * Throws when that fails.
 */
export async function archive(directory: string, file: string, mtime: number): Promise<void> {
  const same = [
    '--sort=name',
    `--mtime=@${mtime}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u+w,go-w,a+rX',
  ];
  const args = ['--create', '--format=gnu', ...same, '--directory', dirname(directory), basename(directory)];
  const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(tar, 'close');
  await pipeline(tar.stdout, createGzip(), createWriteStream(file));
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`tar ended with ${code}`);
}

/** The SHA-256 of a file, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Writes `<directory>/SHA256SUMS` over every file below the directory, as `sha256sum --check` reads it. */
export async function writeChecksums(directory: string): Promise<void> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => relative(directory, join(parentPath, name))).toSorted();
  const lines: string[] = [];
  for (const path of paths) lines.push(`${await sha256Of(join(directory, path))}  ${path}\n`);
  writeFileSync(join(directory, 'SHA256SUMS'), lines.join(''));
}
