import { describe, expect, test } from 'vitest';
import { Slots } from './slots.ts';

/** A slot that is taken, and tasks of named addresses that wait for it; each ends on demand. */
function line(limits: { readonly maxWaiting?: number; readonly maxWaitingPerAddress?: number } = {}) {
  const slots = new Slots({ concurrency: 1, maxWaiting: 100, ...limits });
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (name: string, signal?: AbortSignal) => {
    const task = async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    };
    const result = slots.run(task, { address: name.replace(/\d+$/, ''), ...(signal && { signal }) });
    result.catch(() => {});
    return result;
  };
  const endNext = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { slots, started, ask, endNext };
}

const rejection = {
  code: 'TOOMANYREQUESTS',
  message: 'too many requests',
  detail: undefined,
  facts: { retryAfterMs: 2_000 },
};

test('tasks of one address run in order of arrival, never more than there are slots', async () => {
  const slots = new Slots({ concurrency: 2, maxWaiting: 10 });
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const task = (n: number) =>
    slots.run(async () => {
      started.push(n);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return n;
    });
  expect(await Promise.all([1, 2, 3, 4, 5].map(task))).toEqual([1, 2, 3, 4, 5]);
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a full queue rejects tasks with a time to retry after', async () => {
  const { ask, endNext } = line({ maxWaiting: 1 });
  const accepted = [ask('a1'), ask('a2')];
  await expect(ask('a3')).rejects.toMatchObject(rejection);
  for (const _ of accepted) await endNext();
  expect(await Promise.all(accepted)).toEqual(['a1', 'a2']);
});

test('a task that fails releases its slot', async () => {
  const slots = new Slots({ concurrency: 1, maxWaiting: 0 });
  const failure = new Error('no');
  await expect(slots.run(() => Promise.reject(failure))).rejects.toBe(failure);
  expect(await slots.run(async () => 'next')).toBe('next');
});

describe('a flood of one address', () => {
  test('delays each task of another by one task of each address', async () => {
    const { started, ask, endNext } = line();
    for (let n = 1; n <= 50; n++) void ask(`flood${n}`);
    for (const name of ['ann1', 'bob1', 'ann2']) void ask(name);
    for (let n = 0; n < 8; n++) await endNext();
    expect(started.slice(0, 8)).toEqual(['flood1', 'flood2', 'ann1', 'bob1', 'flood3', 'ann2', 'flood4', 'flood5']);
  });

  test('has its own bound, and leaves the rest of the queue', async () => {
    const { ask, endNext, started } = line({ maxWaiting: 4, maxWaitingPerAddress: 2 });
    const flood = [1, 2, 3, 4, 5].map((n) => ask(`flood${n}`));
    for (const late of flood.slice(3)) await expect(late).rejects.toMatchObject(rejection);
    const others = ['ann1', 'bob1'].map((name) => ask(name));
    for (let n = 0; n < 5; n++) await endNext();
    expect(await Promise.all(others)).toEqual(['ann1', 'bob1']);
    expect(started).toEqual(['flood1', 'flood2', 'ann1', 'bob1', 'flood3']);
  });

  test('gives up one of its tasks to an address with fewer if the queue is full', async () => {
    const { ask, endNext, started } = line({ maxWaiting: 3 });
    const flood = [1, 2, 3, 4].map((n) => ask(`flood${n}`));
    void ask('ann1');
    await expect(flood[3]).rejects.toMatchObject(rejection);
    void ask('bob1');
    await expect(flood[2]).rejects.toMatchObject(rejection);
    await expect(ask('cid1')).rejects.toMatchObject(rejection);
    await expect(ask('ann2')).rejects.toMatchObject(rejection);
    for (let n = 0; n < 4; n++) await endNext();
    expect(started).toEqual(['flood1', 'flood2', 'ann1', 'bob1']);
  });
});

describe('a client that disconnects', () => {
  test('leaves the queue, and its task does not run', async () => {
    const { ask, endNext, started } = line({ maxWaiting: 1 });
    const gone = new AbortController();
    const first = ask('a1');
    const second = ask('b1', gone.signal);
    gone.abort();
    await expect(second).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const third = ask('c1');
    await endNext();
    await endNext();
    expect(await Promise.all([first, third])).toEqual(['a1', 'c1']);
    expect(started).toEqual(['a1', 'c1']);
  });

  test('does not enter the queue afterwards', async () => {
    const { ask, started } = line();
    await expect(ask('a1', AbortSignal.abort())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(started).toEqual([]);
  });

  test('does not abort a running task', async () => {
    const { ask, endNext } = line();
    const gone = new AbortController();
    const running = ask('a1', gone.signal);
    gone.abort();
    await endNext();
    expect(await running).toBe('a1');
  });
});

test('more slots start waiting tasks, and fewer start none until enough have ended', async () => {
  const { slots, started, ask, endNext } = line();
  for (const name of ['a1', 'b1', 'c1', 'd1']) void ask(name);
  slots.resize(3);
  await endNext();
  expect(started).toEqual(['a1', 'b1', 'c1', 'd1']);
  slots.resize(1);
  void ask('e1');
  await endNext();
  await endNext();
  expect(started).not.toContain('e1');
  await endNext();
  expect(started).toContain('e1');
  await endNext();
});
