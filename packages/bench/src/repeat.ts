import { type Address, Connection } from './connection.ts';
import type { Scale } from './scale.ts';

/** Opens kept-alive connections. */
export async function openConnections(peer: Address, count: number): Promise<readonly Connection[] & Disposable> {
  const open = await Promise.all(Array.from({ length: count }, () => Connection.open(peer)));
  const dispose = (): void => {
    for (const connection of open) connection[Symbol.dispose]();
  };
  return Object.assign(open, { [Symbol.dispose]: dispose });
}

/**
 * Does something again and again for some seconds, on each lane one after the other and on all lanes at once. Returns how
 * often it was done; each lane does it once at least.
 */
export async function repeat<L>(
  lanes: readonly L[],
  seconds: number,
  action: (lane: L, index: number, turn: number) => Promise<unknown>,
): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  const counts = await Promise.all(
    lanes.map(async (lane, index) => {
      let turn = 0;
      do {
        await action(lane, index, turn);
        turn += 1;
      } while (performance.now() < end);
      return turn;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Warms up, and returns the repetition that is to be measured. */
export async function warmedUp<L>(
  lanes: readonly L[],
  { seconds, warmUpSeconds }: Scale,
  action: (lane: L, index: number) => Promise<unknown>,
): Promise<() => Promise<number>> {
  if (warmUpSeconds > 0) await repeat(lanes, warmUpSeconds, action);
  return () => repeat(lanes, seconds, action);
}
