import { afterEach, expect, test } from 'vitest';
import { stopSignal } from './stop-signal.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const before = names.map((name) => [name, process.listeners(name)] as const);

afterEach(() => {
  for (const [name, known] of before)
    for (const listener of process.listeners(name)) if (!known.includes(listener)) process.off(name, listener);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the program, however often it is sent', (name) => {
  const stop = stopSignal();
  expect(stop.aborted).toBe(false);
  process.emit(name);
  process.emit(name);
  expect(stop.aborted).toBe(true);
});

test('SIGHUP does not stop the program, even without certificates to reload', () => {
  const stop = stopSignal();
  expect(process.listenerCount('SIGHUP')).toBeGreaterThan(0);
  process.emit('SIGHUP');
  expect(stop.aborted).toBe(false);
});
