import type { RepositoryName } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import { expect, test } from 'vitest';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { holdUpload } from './find.ts';
import { UploadSessions } from './sessions.ts';

test('a row is read once, and again by a request that waited for an earlier one', async () => {
  const repository = 'app' as RepositoryName;
  const row: UploadRecord = { id: 'id', repository, createdBy: 'me', offset: 0, version: 0, touchedAt: 0 };
  let reads = 0;
  const get = async () => ({ ...row, version: (reads += 1) });
  const context = { sessions: new UploadSessions(), store: { uploads: { get } } } as unknown as ServiceContext;
  const caller = { principal: { id: 'me' } } as Caller;
  const hold = () => holdUpload(context, caller, { repository, id: 'id' }, async ({ version }) => version);
  expect(await hold()).toBe(1);
  expect(await Promise.all([hold(), hold()])).toEqual([2, 4]);
});
