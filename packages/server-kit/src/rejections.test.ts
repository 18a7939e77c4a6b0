import { expect, test } from 'vitest';
import { rejectionLog } from './rejections.ts';

test('the first rejection is reported immediately, then one a minute with the count', () => {
  const reported: unknown[] = [];
  let now = 0;
  const reject = rejectionLog(
    (line) => reported.push(line),
    () => now,
  );
  for (let at = 0; at < 5; at += 1) reject('address', `192.0.2.${at}`);
  reject('total', '192.0.2.9');
  expect(reported).toEqual([
    { reason: 'address', address: '192.0.2.0', connections: 1 },
    { reason: 'total', address: '192.0.2.9', connections: 1 },
  ]);
  now = 60_000;
  reject('address', '192.0.2.7');
  expect(reported.slice(2)).toEqual([{ reason: 'address', address: '192.0.2.7', connections: 5 }]);
});
