import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import { GetGCStatusResponseSchema, RepositorySchema } from '@mcr/rpc/mcr/v1/registry_pb';
import { expect, test } from 'vitest';
import { milliseconds, toMessage } from './plain.ts';

test('a record becomes a message: numbers of 64 bits, times, and nothing that the proto does not name', () => {
  const record = {
    name: 'team/app',
    tagCount: 2,
    manifestCount: 3,
    totalSize: 2 ** 40,
    createdAt: 1_500,
    lastPushAt: undefined,
    path: '/srv',
  };
  const expected: MessageInitShape<typeof RepositorySchema> = {
    name: 'team/app',
    tagCount: 2,
    manifestCount: 3,
    totalSize: 2n ** 40n,
    createdAt: { $typeName: 'google.protobuf.Timestamp', seconds: 1n, nanos: 500_000_000 },
  };
  expect(create(RepositorySchema, toMessage(RepositorySchema, record))).toEqual(create(RepositorySchema, expected));
});

test('records in a record, lists and maps become messages, too', () => {
  const status = create(
    GetGCStatusResponseSchema,
    toMessage(GetGCStatusResponseSchema, { running: false, pending: { blobs: 1, bytes: 7, firstDueAt: 1_000 } }),
  );
  expect(status).toMatchObject({ running: false, pending: { blobs: 1, bytes: 7n, firstDueAt: { seconds: 1n } } });
  expect(status.currentRun).toBeUndefined();
  const event = { id: 1, eventType: 'login', at: 0, actor: { name: 'ada' }, details: { tag: 'v1' } };
  expect(create(AuditEventSchema, toMessage(AuditEventSchema, event))).toMatchObject({
    id: 1n,
    actor: { name: 'ada' },
    details: { tag: 'v1' },
  });
});

test.each([
  [0, 7_000],
  [1, 7_001],
  [1_000_000, 7_001],
  [1_000_001, 7_002],
  [999_999_999, 8_000],
])('7 s and %i ns bound like %i ms', (nanos, ms) => {
  expect(milliseconds(create(TimestampSchema, { seconds: 7n, nanos }))).toBe(ms);
});
