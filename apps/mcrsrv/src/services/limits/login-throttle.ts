import { createHmac, randomBytes } from 'node:crypto';
import { type Clock, RegistryError } from '@mcr/core';
import { growingCache, LeakyBuckets, networkOf, retryAfter, tooManyRequests } from '@mcr/server-kit';
import { FailureCounts } from './failure-counts.ts';

/** In a quarter of an hour, a hundred strangers behind one address may be wrong once. */
const addressWindowMs = 15 * 60_000;
/** Guesses at one account from anywhere (NIST SP 800-63B, 3.2.2), after which strangers get one a minute. */
const maxAccountFailures = 100;
const accountLeakMs = 60_000;
/** More than attackers with hundreds of networks fill within a day; each map stays below 10 MB. */
const maxEntries = 50_000;

/** Credentials, and where they come from. */
export interface LoginAttempt {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
}

/** How many failures are allowed. */
export interface LoginThrottleOptions {
  /** Of one account from one address, before each further one doubles the wait. */
  readonly failures: number;
  /** Of one address in 15 minutes, whatever the accounts; 0 is no limit. */
  readonly failuresPerAddress: number;
}

interface Keys {
  readonly account: string;
  readonly network: string;
  /** Account and network. */
  readonly pair: string;
  readonly guess: string;
}

/** Several requests at the same time with the same credentials: one guess, as when a client asks for several tokens. */
interface Guess {
  requests: number;
  counted: boolean;
}

/**
 * Slows down clients that guess passwords, and no others. What waits is the pair of account and address, so that a
 * stranger cannot lock an account's owner out. The wider limits of an address and of an account do not concern pairs that
 * have logged in before: neither a wrong password in a neighbor's script nor a botnet keeps them out.
 */
export class LoginThrottle {
  /** Of this process only: keys identify no account outside it, and have a fixed length. */
  readonly #secret = randomBytes(32);
  readonly #pairs: FailureCounts;
  readonly #addresses: LeakyBuckets | undefined;
  readonly #accounts: LeakyBuckets;
  readonly #known = growingCache<true>(maxEntries);
  readonly #guesses = new Map<string, Map<string, Guess>>();

  constructor(clock: Clock, { failures, failuresPerAddress }: LoginThrottleOptions) {
    this.#pairs = new FailureCounts(clock, { free: failures, maxEntries });
    this.#accounts = new LeakyBuckets(clock, {
      capacity: maxAccountFailures,
      leakMs: accountLeakMs,
      maxBuckets: maxEntries,
    });
    if (failuresPerAddress === 0) return;
    const leakMs = addressWindowMs / failuresPerAddress;
    this.#addresses = new LeakyBuckets(clock, { capacity: failuresPerAddress, leakMs, maxBuckets: maxEntries });
  }

  /**
   * Runs `check`, whose `UNAUTHORIZED` is a failure. Throws `TOOMANYREQUESTS` without running it while the attempt has to
   * wait, also if the password is right: a response that depended on it would be the guess that is to be prevented.
   */
  async run<T>(attempt: LoginAttempt, check: () => Promise<T>): Promise<T> {
    const keys = this.#keysOf(attempt);
    const guess = this.#begin(keys);
    try {
      const result = await check();
      this.#pairs.forget(keys.pair);
      this.#known.set(keys.pair, true);
      return result;
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'UNAUTHORIZED') this.#count(keys, guess);
      throw error;
    } finally {
      this.#end(keys, guess);
    }
  }

  #begin({ pair, guess: mark, network, account }: Keys): Guess {
    const guesses = this.#guesses.get(pair) ?? new Map<string, Guess>();
    let guess = guesses.get(mark);
    if (guess === undefined) {
      const wait = this.#pairs.wait(pair, guesses.size);
      if (wait > 0) throw tooManyAttempts(wait);
      if (this.#known.peek(pair) === undefined) this.#admitStranger(network, account);
      guess = { requests: 0, counted: false };
      guesses.set(mark, guess);
      this.#guesses.set(pair, guesses);
    }
    guess.requests += 1;
    return guess;
  }

  #admitStranger(network: string, account: string): void {
    const wait = Math.max(this.#addresses?.wait(network) ?? 0, this.#accounts.wait(account));
    if (wait > 0) throw tooManyAttempts(wait);
  }

  #count({ pair, network, account }: Keys, guess: Guess): void {
    if (guess.counted) return;
    guess.counted = true;
    this.#pairs.add(pair);
    this.#addresses?.add(network);
    this.#accounts.add(account);
  }

  #end({ pair, guess: mark }: Keys, guess: Guess): void {
    guess.requests -= 1;
    if (guess.requests > 0) return;
    const guesses = this.#guesses.get(pair);
    guesses?.delete(mark);
    if (guesses?.size === 0) this.#guesses.delete(pair);
  }

  /** An identity service may take `Ann` and `ann` for the same. */
  #keysOf({ username, password, ip }: LoginAttempt): Keys {
    const name = username.trim().toLowerCase();
    const network = networkOf(ip);
    const account = this.#mark([name]);
    return {
      account,
      network,
      pair: this.#mark([name, network]),
      guess: this.#mark([username, password]),
    };
  }

  #mark(words: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(words)).digest('base64url');
  }
}

function tooManyAttempts(waitMs: number): RegistryError {
  return tooManyRequests(`Too many failed logins; try again in ${retryAfter(waitMs)} s`, waitMs);
}
