import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('forgets what was set longest ago, however much comes', () => {
  const map = new RecentMap<number>(3);
  for (let at = 0; at < 1_000; at += 1) {
    map.set('often', at);
    map.set(`once ${at}`, at);
  }
  expect(map.size).toBe(3);
  expect([map.get('often'), map.get('once 999'), map.get('once 0')]).toEqual([999, 999, undefined]);
  map.delete('often');
  expect([map.size, map.get('often')]).toEqual([2, undefined]);
});
