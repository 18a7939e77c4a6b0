import { LRUCache } from 'lru-cache';

/**
 * A cache by the keys of strangers, which forgets what was set or read longest ago when it holds `maxEntries`; `peek` reads
 * without making an entry recent. It takes memory as it fills: lru-cache's own `max` takes the tables of all entries, 28
 * bytes each, when it is made.
 */
export function growingCache<Value extends object | number | true>(maxEntries: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 });
}
