import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { HealthResponseSchema, ReadyResponseSchema } from './gen/mcr/v1/admin_pb.ts';
import { UpdatePolicyRuleRequestSchema } from './gen/mcr/v1/policy_pb.ts';
import { GCRunSchema, GetManifestResponseSchema, PlanTagDeletionResponseSchema } from './gen/mcr/v1/registry_pb.ts';
import { timeText, toJson } from './to-json.ts';

const nanosPerMs = 1_000_000;

test('writes snake_case in the order of the proto, including zeros, without absent fields', () => {
  const run = create(GCRunSchema, {
    uploadsRemoved: 2,
    bytesFreed: 9_007_199_254_740_991n,
    id: 'the id',
    trigger: 'api',
    startedAt: { seconds: 1_700_000_000n, nanos: 0 },
  });
  expect(JSON.stringify(toJson(GCRunSchema, run))).toBe(
    '{"id":"the id","reconcile":false,"trigger":"api","state":"","started_at":"2023-11-14T22:13:20.000Z",' +
      '"blobs_removed":0,"bytes_freed":9007199254740991,"uploads_removed":2,"examined":0,"orphans_removed":0,"missing_files":0}',
  );
});

test('writes an optional field if it is set, also to zero', () => {
  const absent = toJson(HealthResponseSchema, create(HealthResponseSchema, { status: 'ok' }));
  expect(absent).toEqual({ status: 'ok', version: '', port: 0, sign_in_providers: [] });
  const set = toJson(HealthResponseSchema, create(HealthResponseSchema, { status: 'ok', commit: '' }));
  expect(Object.keys(set)).toEqual(['status', 'version', 'port', 'commit', 'sign_in_providers']);
});

test('writes an empty list as an empty array, and nested messages as objects', () => {
  const plan = { id: 'p', manifests: [{ digest: 'sha256:0', size: 3n }] };
  const response = create(PlanTagDeletionResponseSchema, { plan });
  expect(toJson(PlanTagDeletionResponseSchema, response)).toMatchObject({
    plan: { id: 'p', tags: [], manifests: [{ digest: 'sha256:0', size: 3 }], freed_bytes: 0 },
  });
});

test('writes a StringList as an array, and omits an absent one', () => {
  const request = create(UpdatePolicyRuleRequestSchema, { id: 1n, roles: { values: [] }, actions: { values: ['a'] } });
  expect(toJson(UpdatePolicyRuleRequestSchema, request)).toEqual({ id: 1, roles: [], actions: ['a'] });
});

test('writes bytes as base64 with padding', () => {
  const content = new Uint8Array([0xfb, 0xff, 0x00, 0x01]);
  const json = toJson(GetManifestResponseSchema, create(GetManifestResponseSchema, { content }));
  expect(json).toMatchObject({ content: '+/8AAQ==' });
});

test('writes a map as an object, whatever its keys are', () => {
  const checks = JSON.parse('{"database":"ok","__proto__":"ok","constructor":"failed"}') as Record<string, string>;
  const json = toJson(ReadyResponseSchema, create(ReadyResponseSchema, { status: 'ready', checks }));
  expect(JSON.stringify(json['checks'])).toContain('"database":"ok"');
  expect(JSON.stringify(json['checks'])).toContain('"constructor":"failed"');
  expect(Object.getPrototypeOf(json['checks'])).toBe(Object.prototype);
});

test.each([
  [0n, 0, '1970-01-01T00:00:00.000Z'],
  [1_700_000_000n, 5 * nanosPerMs, '2023-11-14T22:13:20.005Z'],
  [1_700_000_000n, 5 * nanosPerMs + 999_999, '2023-11-14T22:13:20.005Z'],
  [-1n, 999 * nanosPerMs, '1969-12-31T23:59:59.999Z'],
])('%s seconds and %s nanoseconds are %s: three digits, always', (seconds, nanos, text) => {
  expect(timeText({ $typeName: 'google.protobuf.Timestamp', seconds, nanos })).toBe(text);
});
