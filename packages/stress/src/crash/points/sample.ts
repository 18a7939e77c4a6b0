import type { Random } from '../../random.ts';

/** `count` items spread evenly over all of them, where exactly the seed says; all when there are no more. */
export function sample<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  if (count >= items.length) return [...items];
  const width = items.length / count;
  return Array.from({ length: count }, (_, n) => items[Math.floor((n + random.next()) * width)]!);
}
