import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { fromJson } from './from-json.ts';
import { ListAuditEventsResponseSchema } from './gen/mcr/v1/audit_pb.ts';
import { GetGCStatusResponseSchema } from './gen/mcr/v1/registry_pb.ts';
import { toJson } from './to-json.ts';

const event = {
  id: 7,
  event_type: 'login',
  at: '2026-11-23T20:00:00.000Z',
  actor: { name: 'ann' },
  details: { tag: '1.0', media_type: 'x' },
};
const pending = { blobs: 2, bytes: 5_000_000_000, first_due_at: '2026-11-23T20:00:00.000Z' };

test.each([
  [ListAuditEventsResponseSchema, { events: [event], next_page_token: '' }],
  [GetGCStatusResponseSchema, { running: false, pending }],
])('a response is read as it was written: %s', (schema, json) => {
  const { message, problems } = fromJson(schema, json);
  expect(problems).toEqual([]);
  expect(toJson(schema, create(schema, message))).toEqual(json);
});

test('problems have their path in lists, maps and messages', () => {
  const bad = { ...event, actor: { name: 1 }, details: { tag: 2, size: null } };
  expect(fromJson(ListAuditEventsResponseSchema, { events: [event, bad, 'x'] }).problems).toEqual([
    { field: 'events.1.actor.name', problem: 'must be a text' },
    { field: 'events.1.details.tag', problem: 'must be a text' },
    { field: 'events.1.details.size', problem: 'must be a text' },
    { field: 'events.2', problem: 'must be an object' },
  ]);
});

test.each([[null], ['x'], [['x']]])('%j is not a map', (details) => {
  expect(fromJson(ListAuditEventsResponseSchema, { events: [{ ...event, details }] }).problems).toEqual([
    { field: 'events.0.details', problem: 'must be an object' },
  ]);
});

test('unknown fields are problems at every level, unless they are ignored', () => {
  const json = { running: false, eta: 3, pending: { ...pending, newest: true } };
  expect(fromJson(GetGCStatusResponseSchema, json).problems).toEqual([
    { field: 'body', problem: 'unknown field "eta"' },
    { field: 'pending', problem: 'unknown field "newest"' },
  ]);
  const { message, problems } = fromJson(GetGCStatusResponseSchema, json, { ignoreUnknown: true });
  expect(problems).toEqual([]);
  expect(toJson(GetGCStatusResponseSchema, create(GetGCStatusResponseSchema, message))).toEqual({
    running: false,
    pending,
  });
});
