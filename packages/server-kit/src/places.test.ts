import { expect, test } from 'vitest';
import { Places } from './places.ts';

test('places are bounded per connection, per address and in total, and free again after leave', () => {
  const places = new Places({ total: 5, perAddress: 3, perConnection: 2 });
  const [first, second, third] = [{}, {}, {}];
  const entries = [places.enter('192.0.2.1', first), places.enter('192.0.2.1', first)];
  expect(places.enter('192.0.2.1', first)).toEqual({ full: 'perConnection' });
  places.enter('192.0.2.1', second);
  expect(places.enter('192.0.2.1', second)).toEqual({ full: 'perAddress' });
  places.enter('2001:db8::1', second);
  places.enter('2001:db8::2', third);
  expect(places.enter('192.0.2.3', third)).toEqual({ full: 'total' });
  expect(places.count).toBe(5);
  const [entry] = entries;
  if (entry !== undefined && 'leave' in entry) {
    entry.leave();
    entry.leave();
  }
  expect(places.count).toBe(4);
  expect(places.enter('192.0.2.1', first)).toHaveProperty('leave');
});
