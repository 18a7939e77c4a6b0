import type { Clock } from '@mcr/core';

/** Counts failed logins, of accounts and of addresses, and says who has to wait. */
export interface LoginThrottle {
  /** Seconds until the next attempt is allowed; 0 when it is. */
  waitSeconds(username: string, ip: string): number;
  failed(username: string, ip: string): void;
  succeeded(username: string): void;
}

interface Failures {
  count: number;
  last: number;
}

/** A person mistypes; a script goes on. */
const freeFailures = 5;
const firstDelayMs = 1_000;
const maxDelayMs = 15 * 60_000;
/** An office behind one address has many people. */
const maxAddressFailures = 100;
const addressWindowMs = 15 * 60_000;
const forgetAfterMs = 24 * 60 * 60_000;
/** About 100 bytes each; the oldest are forgotten first. */
const maxEntries = 50_000;

/** Makes a throttle that counts in memory. */
export function createLoginThrottle(clock: Clock): LoginThrottle {
  const accounts = new Map<string, Failures>();
  const addresses = new Map<string, Failures>();

  function find(map: Map<string, Failures>, key: string, age: number): Failures | undefined {
    const found = map.get(key);
    if (found === undefined || clock.now() - found.last <= age) return found;
    map.delete(key);
    return undefined;
  }

  function count(map: Map<string, Failures>, key: string, age: number): void {
    const failures = (find(map, key, age)?.count ?? 0) + 1;
    map.delete(key);
    map.set(key, { count: failures, last: clock.now() });
    const [oldest] = map.keys();
    if (map.size > maxEntries && oldest !== undefined) map.delete(oldest);
  }

  function waitOfAccount(username: string): number {
    const found = find(accounts, username, forgetAfterMs);
    if (found === undefined || found.count < freeFailures) return 0;
    const delay = Math.min(firstDelayMs * 2 ** (found.count - freeFailures), maxDelayMs);
    return found.last + delay - clock.now();
  }

  function waitOfAddress(ip: string): number {
    const found = find(addresses, ip, addressWindowMs);
    if (found === undefined || found.count < maxAddressFailures) return 0;
    return found.last + addressWindowMs - clock.now();
  }

  return {
    waitSeconds: (username, ip) => Math.ceil(Math.max(0, waitOfAccount(username), waitOfAddress(ip)) / 1_000),
    failed(username, ip) {
      count(accounts, username, forgetAfterMs);
      count(addresses, ip, addressWindowMs);
    },
    succeeded: (username) => void accounts.delete(username),
  };
}
