import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addScrapedGauge } from './scraped-gauge.ts';

test('a figure that cannot be read is left out of a scrape, which has the others, and is there again afterwards', async () => {
  const registry = new Registry();
  let isAway = false;
  const read = async <T>(value: T): Promise<T> => {
    if (isAway) throw new Error('The database is away');
    return value;
  };
  addScrapedGauge(registry, { name: 'one', help: 'One', read: () => read(7) });
  addScrapedGauge(registry, { name: 'some', help: 'Some', label: 'kind', read: () => read({ a: 1, b: 2 }) });
  addScrapedGauge(registry, { name: 'here', help: 'Here', read: async () => 3 });
  const samples = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const all = ['one 7', 'some{kind="a"} 1', 'some{kind="b"} 2', 'here 3'];
  expect(await samples()).toEqual(all);
  isAway = true;
  expect(await samples()).toEqual(['here 3']);
  isAway = false;
  expect(await samples()).toEqual(all);
});
