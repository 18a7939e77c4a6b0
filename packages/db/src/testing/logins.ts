import { describe, expect, test } from 'vitest';
import { day, minute, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function loginContract(current: CurrentStore): void {
  const count = (before: number, { key = 'pair', after = before + 1, now = start } = {}) => {
    const others = [{ key: 'account', leakMs: minute }];
    return current.store.logins.count({ key, before, after, others, now });
  };
  const find = (...keys: string[]) => current.store.logins.find(keys);

  describe('failed logins', () => {
    test('are counted by key, and forgotten by key', async () => {
      expect(await find('pair', 'account')).toEqual([undefined, undefined]);
      expect([await count(0), await count(1)]).toEqual([true, true]);
      const twice = { level: 2, at: start };
      expect(await find('account', 'other', 'pair')).toEqual([twice, undefined, twice]);
      await current.store.logins.forget('pair');
      expect(await find('account', 'pair')).toEqual([twice, undefined]);
    });

    test('are counted only by a caller that knows of all before', async () => {
      const counted = await Promise.all([count(0), count(0), count(0)]);
      expect(counted.filter(Boolean)).toHaveLength(1);
      expect(await find('pair', 'account')).toEqual([1, 1].map((level) => ({ level, at: start })));
      expect(await count(2)).toBe(false);
    });

    test('leak out of what counts them by time, and not while the clock is set back', async () => {
      await count(0);
      await count(1, { now: start + minute / 2 });
      expect(await find('account')).toEqual([{ level: 1.5, at: start + minute / 2 }]);
      await count(2, { now: start });
      expect(await find('account')).toEqual([{ level: 2.5, at: start }]);
      await count(3, { now: start + 9 * minute });
      expect(await find('account')).toEqual([{ level: 1, at: start + 9 * minute }]);
    });

    test('are forgotten a day after the last one', async () => {
      for (const key of ['a', 'b', 'c']) await count(0, { key });
      await count(1, { key: 'b', now: start + 1 });
      await count(0, { key: 'later', now: start + day + 1 });
      const found = await find('a', 'b', 'c', 'later');
      expect(found.map((failures) => failures !== undefined)).toEqual([false, true, false, true]);
    });
  });
}
