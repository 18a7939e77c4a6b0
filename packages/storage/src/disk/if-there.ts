import type { Stats } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';

/** Whether a call of the system failed with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Whether opening failed because there is no file at the path: nothing at all, or a symbolic link. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ELOOP');
}

/** What a plain file's inode says; `undefined` when there is none at the path. Follows no symbolic link. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  const found = await lstat(path).catch((error: unknown) => ignore(error, 'ENOENT'));
  return found?.isFile() ? found : undefined;
}

/** Removes a file. Nothing happens when there is none. */
export async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => ignore(error, 'ENOENT'));
}

function ignore(error: unknown, ...codes: string[]): undefined {
  if (!hasCode(error, ...codes)) throw error;
}
