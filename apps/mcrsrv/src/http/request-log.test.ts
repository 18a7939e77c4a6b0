import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestRecord } from '@mcr/server-kit';
import { createLogger } from '@mcr/server-kit/logger';
import { expect, test } from 'vitest';
import { requestLog } from './request-log.ts';

interface Ended {
  readonly url?: string;
  readonly status?: number;
  readonly isWhole?: boolean;
  readonly record?: Partial<RequestRecord>;
}

/** The lines of a request that has ended, one of this logger and one of a child of it, to which nothing is known ahead. */
function linesOf({ url = '/v2/', status = 200, isWhole = true, record = {} }: Ended): readonly string[] {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  const whole: RequestRecord = {
    id: '0198',
    ip: '::1',
    startedAt: performance.now() + 1_000,
    awaitsContinue: false,
    bytesIn: 3,
    ...record,
  };
  for (const each of [log, log.child({})]) {
    const outgoing = { statusCode: status, writableFinished: isWhole } as ServerResponse;
    requestLog(each)({ method: 'GET', url } as IncomingMessage, outgoing, whole, 5);
  }
  return lines.map((line) =>
    line.replace(/"time":"[^"]+"/, '"time":""').replace(/"durationMs":[-\d.]+/, '"durationMs":0'),
  );
}

test('a line has who, where, what and how much, in this order', () => {
  const [line] = linesOf({ record: { actor: 'ann', route: '/v2/:name' } });
  expect(line).toBe(
    '{"level":"info","time":"","requestId":"0198","actor":"ann","ip":"::1","method":"GET","route":"/v2/:name",' +
      '"path":"/v2/","status":200,"bytesIn":3,"bytesOut":5,"durationMs":0,"msg":"request"}\n',
  );
});

const secret = `mcrp_${'a'.repeat(36)}`;

test.each<[string, Ended]>([
  ['without an account', {}],
  ['with a name that is no name', { record: { actor: 'a"\\\u0001ü' } }],
  ['with a secret for a name', { record: { actor: secret } }],
  ['with a secret in the path', { url: `/v2/${secret}/x` }],
  ['with a query', { url: '/v2/token?password=x?y' }],
  ['with a long path of odd characters', { url: `/${'é"'.repeat(400)}` }],
  ['with an address that is none', { record: { ip: 'fe80::1%"eth"' } }],
  ['that was denied', { status: 403 }],
])('a request %s has the line that its object would have', (_, ended) => {
  const [line, expected] = linesOf(ended);
  expect(line).toBe(expected);
  expect(line).not.toContain('password');
  expect(line).not.toContain(secret);
  expect(JSON.parse(line!)).toMatchObject({ msg: 'request', status: ended.status ?? 200 });
});

test.each<[string, Ended, object]>([
  ['that asked for a token', { record: { requested: { scope: 's', service: 'mcr' } } }, { scope: 's', service: 'mcr' }],
  ['that was cut', { isWhole: false }, { aborted: true }],
  ['that failed', { status: 500, record: { error: new Error('x') } }, { level: 'error', msg: 'request failed' }],
])('a request %s says so', (_, ended, members) => {
  expect(JSON.parse(linesOf(ended)[0]!)).toMatchObject(members);
});
