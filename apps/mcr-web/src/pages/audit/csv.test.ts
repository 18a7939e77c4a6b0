import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import { expect, test } from 'vitest';
import { line } from './csv.ts';

const event = { id: 7n, at: timestampFromMs(0), eventType: 'login' };

test('a line has every field, and quotes those that need it', () => {
  const actor = { id: 'u1', name: 'a "b", c', ip: '192.0.2.7' };
  expect(line(create(AuditEventSchema, { ...event, actor, repository: 'team/app', digest: 'sha256:ab' }))).toBe(
    '7,1970-01-01T00:00:00.000Z,login,u1,"a ""b"", c",192.0.2.7,team/app,sha256:ab,{}\r\n',
  );
});

test.each(['a;=1+1', 'a; b;@x'])('%j is not a formula after a semicolon', (name) => {
  const guarded = name.replace(/;(?=[=@])/, ";'");
  expect(line(create(AuditEventSchema, { ...event, actor: { name } }))).toContain(`,${guarded},`);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('%j is not a formula', (name) => {
  expect(line(create(AuditEventSchema, { ...event, actor: { name } }))).toContain(`,'${name},`);
});
