import { type AuditEvent, RegistryError } from '@mcr/core';
import { createLogger } from '@mcr/server-kit/logger';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { AuditRecorder } from './recorder.ts';

function event(at: number): AuditEvent {
  return { type: 'manifest_pulled', at, actor: { name: 'me' }, details: {} };
}

/** A log that takes groups, and can be stopped and broken. */
function recorder() {
  const groups: number[][] = [];
  const lines: string[] = [];
  let gate = Promise.resolve();
  let failure: Error | undefined;
  const store = {
    async append(events: readonly AuditEvent[]) {
      await gate;
      if (failure !== undefined) throw failure;
      groups.push(events.map(({ at }) => at));
    },
  };
  return {
    audit: new AuditRecorder(store, createLogger('debug', { write: (line) => lines.push(line) })),
    groups,
    lines,
    /** Holds every write from now on until the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
  };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('AuditRecorder', () => {
  test('writes events that come together as one group, in their order', async () => {
    const { audit, groups } = recorder();
    await Promise.all(numbers(0, 10).map((at) => audit.record(event(at))));
    expect(groups).toEqual([numbers(0, 10)]);
  });

  test('resolves a record only when it is written', async () => {
    const { audit, hold } = recorder();
    const release = hold();
    let isDone = false;
    const recorded = audit.record(event(1)).finally(() => {
      isDone = true;
    });
    const flushed = audit.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    release();
    await Promise.all([recorded, flushed]);
  });

  test('writes what a request waits for without waiting for a timer, and the pulls so far with it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { audit, groups } = recorder();
    await audit.queue(event(1));
    await audit.record(event(2));
    await audit.queue(event(3));
    await audit.record(event(4));
    expect(groups).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('writes all that requests wait for while a group is written as the next one', async () => {
    const { audit, groups, hold } = recorder();
    const release = hold();
    const first = audit.record(event(0));
    await new Promise((resolve) => setImmediate(resolve));
    const others = numbers(1, 5).map(async (at) => {
      await audit.record(event(at));
    });
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all([first, ...others]);
    expect(groups).toEqual([[0], numbers(1, 5)]);
  });

  test('lets pulls wait for others after a group, as before it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { audit, groups, hold } = recorder();
    const release = hold();
    const first = audit.record(event(0));
    await new Promise((resolve) => setImmediate(resolve));
    await audit.queue(event(1));
    release();
    await first;
    await audit.queue(event(2));
    await vi.advanceTimersByTimeAsync(24);
    expect(groups).toEqual([[0]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(groups).toEqual([[0], [1, 2]]);
  });

  test('resolves a queued one at once, and flush when it is written', async () => {
    const { audit, groups, hold } = recorder();
    const release = hold();
    await audit.queue(event(1));
    await audit.queue(event(2));
    const flushed = audit.flush();
    expect(groups).toEqual([]);
    release();
    await flushed;
    expect(groups).toEqual([[1, 2]]);
  });

  test('flushes what came while an earlier group was written', async () => {
    const { audit, groups, hold } = recorder();
    const release = hold();
    await audit.queue(event(1));
    const flushed = audit.flush();
    await audit.queue(event(2));
    const recorded = audit.record(event(3));
    release();
    await Promise.all([flushed, recorded]);
    expect(groups.flat()).toEqual([1, 2, 3]);
  });

  test('flushing nothing is done at once', async () => {
    const { audit, groups } = recorder();
    await audit.flush();
    expect(groups).toEqual([]);
  });

  test('holds callers back when the log lags behind by 8,192 events', async () => {
    const { audit, groups, hold } = recorder();
    const release = hold();
    await audit.queue(event(0));
    void audit.flush();
    for (const at of numbers(1, 8_193)) await audit.queue(event(at));
    let isHeldBack = true;
    const late = audit.queue(event(8_193)).finally(() => {
      isHeldBack = false;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isHeldBack).toBe(true);
    release();
    await late;
    await audit.flush();
    expect(groups.flat()).toEqual(numbers(0, 8_194));
  });

  test('rejects with UNAVAILABLE what cannot be written, with the cause for the log alone', async () => {
    const { audit, fail } = recorder();
    const cause = new Error('disk full');
    fail(cause);
    const error = await audit.record(event(1)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', cause, message: expect.not.stringContaining('disk') });
  });

  test('logs a queued event that is lost, and goes on with the next', async () => {
    const { audit, groups, lines, fail } = recorder();
    fail(new Error('for a moment'));
    await audit.queue(event(1));
    await audit.flush();
    fail(undefined);
    await audit.record(event(2));
    expect(groups).toEqual([[2]]);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', msg: 'audit event lost' });
  });
});
