import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

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
