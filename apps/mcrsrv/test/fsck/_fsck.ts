import { join } from 'node:path';
import type { Digest } from '@mcr/core';
import { blobFile } from '@mcr/testkit';
import { expect } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import type { TestServer } from '../_util/server.ts';

/** What `mcrsrv fsck --json` prints. */
export interface FsckDocument {
  readonly clean: boolean;
  readonly findings: readonly (Readonly<Record<string, string>> & { readonly repaired?: boolean })[];
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, number>>;
  readonly examined: Readonly<Record<string, number>>;
  readonly repaired: number;
  readonly left: number;
}

/** Inspects the registry beside the running server, as another process would. */
export async function fsck({ directory }: Pick<TestServer, 'directory'>, ...flags: string[]): Promise<FsckDocument> {
  const config = join(directory, 'mcr.toml');
  const { code, stdout, stderr } = await mcrsrv(['fsck', '--json', '--config', config, ...flags]);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as FsckDocument;
  expect(code).toBe(document.clean ? 0 : 1);
  return document;
}

/** Where a blob's bytes lie. */
export function fileOf({ directory }: Pick<TestServer, 'directory'>, digest: Digest): string {
  return blobFile(directory, digest);
}
