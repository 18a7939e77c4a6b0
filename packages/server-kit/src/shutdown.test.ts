import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { InFlight } from './shutdown.ts';

test('waits for handlers that succeed and that fail, and returns their results', async () => {
  const inFlight = new InFlight();
  const [good, bad] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const results = Promise.allSettled([inFlight.track(good.promise), inFlight.track(bad.promise)]);
  const notes: string[] = [];
  const waiting = inFlight.settled(600_000).then((left) => notes.push(`${left} left`));
  good.resolve('done');
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  notes.push('one still works');
  bad.reject(new Error('failed'));
  expect(await results).toMatchObject([{ value: 'done' }, { reason: { message: 'failed' } }]);
  await waiting;
  expect(notes).toEqual(['one still works', '0 left']);
});

test('waits no longer than the timeout, and returns how many are left', async () => {
  const inFlight = new InFlight();
  void inFlight.track(new Promise(() => {}));
  expect(await inFlight.settled(1)).toBe(1);
});

test('does not wait if nothing runs', async () => {
  const inFlight = new InFlight();
  expect(inFlight.track('at once')).toBe('at once');
  expect(await inFlight.settled(600_000)).toBe(0);
});
