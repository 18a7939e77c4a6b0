import { describe, expect, test } from 'vitest';
import { SharedRuns } from './shared-runs.ts';

/** Runs whose tasks end on demand. */
function controlled() {
  const runs = new SharedRuns();
  const tasks: PromiseWithResolvers<void>[] = [];
  const ask = (key = 'a'): Promise<void> =>
    runs.run(key, () => {
      const task = Promise.withResolvers<void>();
      tasks.push(task);
      return task.promise;
    });
  return { tasks, ask };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SharedRuns', () => {
  test('shares one run among concurrent callers', async () => {
    const { tasks, ask } = controlled();
    const asked = [ask(), ask(), ask()];
    await settle();
    expect(tasks).toHaveLength(1);
    tasks[0]!.resolve();
    await Promise.all(asked);
  });

  test('serves callers during a run with the next one, which begins when the first has ended', async () => {
    const { tasks, ask } = controlled();
    const first = ask();
    await settle();
    let isServed = false;
    const later = Promise.all([ask(), ask()]).finally(() => {
      isServed = true;
    });
    await settle();
    expect(tasks).toHaveLength(1);
    tasks[0]!.resolve();
    await first;
    await settle();
    expect([tasks.length, isServed]).toEqual([2, false]);
    tasks[1]!.resolve();
    await later;
  });

  test('rejects for the callers of a failed run, and runs again for the others', async () => {
    const { tasks, ask } = controlled();
    const first = ask();
    await settle();
    const second = ask();
    tasks[0]!.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await settle();
    tasks[1]!.resolve();
    await second;
  });

  test('keeps keys separate', async () => {
    const { tasks, ask } = controlled();
    const asked = [ask('a'), ask('b')];
    await settle();
    expect(tasks).toHaveLength(2);
    for (const task of tasks) task.resolve();
    await Promise.all(asked);
  });
});
