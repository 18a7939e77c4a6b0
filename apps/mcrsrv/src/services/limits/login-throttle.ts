import { createHmac } from 'node:crypto';
import { type Clock, RegistryError } from '@mcr/core';
import type { FailureCount, MetadataStore } from '@mcr/db';
import { networkOf, retryAfter, tooManyRequests } from '@mcr/server-kit';
import { type Bucket, failuresInRow, waitForBucket, waitInRow } from './failure-waits.ts';
import { KnownNetworks } from './known-networks.ts';

/** In a quarter of an hour, a hundred strangers behind one address may be wrong once. */
const addressWindowMs = 15 * 60_000;
/** Guesses at one account from anywhere (NIST SP 800-63B, 3.2.2), after which strangers get one a minute. */
const accountBucket: Bucket = { capacity: 100, leakMs: 60_000 };
/** Each attempt that fails means that another process has counted a failure of the same account and address. */
const maxAttempts = 10;

/** Credentials, and where they come from. */
export interface LoginAttempt {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
}

/** What a {@link LoginThrottle} works with. */
export interface LoginThrottleOptions {
  readonly store: Pick<MetadataStore, 'logins' | 'audit'>;
  readonly clock: Clock;
  /** The same in all processes: the database has no names and addresses, but what this makes of them. */
  readonly secret: Uint8Array;
  /** Failures of one account from one address, before each further one doubles the wait. */
  readonly failures: number;
  /** Failures of one address in 15 minutes, whatever the accounts; 0 is no limit. */
  readonly failuresPerAddress: number;
}

interface Keys {
  readonly username: string;
  readonly network: string;
  /** Account and network. */
  readonly key: string;
  readonly account: string;
  readonly address: string;
  readonly guess: string;
}

/** Several requests at the same time with the same credentials: one guess, as when a client asks for several tokens. */
interface Guess {
  requests: number;
  counted?: Promise<void>;
}

/**
 * Slows down clients that guess passwords, and no others. What waits is the pair of account and address, so that a
 * stranger cannot lock an account's owner out. The wider limits of an address and of an account do not concern pairs that
 * have logged in before: neither a wrong password in a neighbor's script nor a botnet keeps them out. Failures are counted
 * in the database, so that more processes are no more guesses.
 */
export class LoginThrottle {
  readonly #options: LoginThrottleOptions;
  readonly #addressBucket: Bucket | undefined;
  readonly #known: KnownNetworks;
  readonly #guesses = new Map<string, Map<string, Guess>>();

  constructor(options: LoginThrottleOptions) {
    const { store, failuresPerAddress: capacity } = options;
    this.#options = options;
    this.#addressBucket = capacity === 0 ? undefined : { capacity, leakMs: addressWindowMs / capacity };
    this.#known = new KnownNetworks(store.audit);
  }

  /**
   * Runs `check`, whose `UNAUTHORIZED` is a failure. Throws `TOOMANYREQUESTS` without running it while the attempt has to
   * wait, also if the password is right: a response that depended on it would be the guess that is to be prevented. For
   * the same reason an attempt that has to wait by its end, since others have failed in another process, has no outcome.
   */
  async run<T>(attempt: LoginAttempt, check: () => Promise<T>): Promise<T> {
    const keys = this.#keysOf(attempt);
    const guess = await this.#begin(keys);
    try {
      const result = await check();
      await this.#succeed(keys);
      return result;
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'UNAUTHORIZED') await (guess.counted ??= this.#count(keys));
      throw error;
    } finally {
      this.#end(keys, guess);
    }
  }

  async #begin(keys: Keys): Promise<Guess> {
    const underWay = this.#guesses.get(keys.key)?.get(keys.guess);
    if (underWay !== undefined) return join(underWay);
    const [inRow, ofAddress, ofAccount] = await this.#find(keys.key, keys.address, keys.account);
    this.#assertMayBegin(keys, inRow);
    await this.#admitStranger(keys, ofAddress, ofAccount);
    const guesses = this.#guesses.get(keys.key) ?? new Map<string, Guess>();
    let guess = guesses.get(keys.guess);
    if (guess === undefined) {
      // Others may have begun since.
      this.#assertMayBegin(keys, inRow);
      guess = { requests: 0 };
      guesses.set(keys.guess, guess);
      this.#guesses.set(keys.key, guesses);
    }
    return join(guess);
  }

  #assertMayBegin({ key, guess }: Keys, inRow: FailureCount | undefined): void {
    const guesses = this.#guesses.get(key);
    if (guesses?.has(guess) === true) return;
    const { clock, failures } = this.#options;
    const wait = waitInRow(inRow, failures, guesses?.size ?? 0, clock.now());
    if (wait > 0) throw tooManyAttempts(wait);
  }

  async #admitStranger(
    keys: Keys,
    ofAddress: FailureCount | undefined,
    ofAccount: FailureCount | undefined,
  ): Promise<void> {
    const now = this.#options.clock.now();
    const bucket = this.#addressBucket;
    const addressWait = bucket === undefined ? 0 : waitForBucket(ofAddress, bucket, now);
    const wait = Math.max(addressWait, waitForBucket(ofAccount, accountBucket, now));
    if (wait > 0 && !(await this.#known.has(keys))) throw tooManyAttempts(wait);
  }

  async #succeed(keys: Keys): Promise<void> {
    const { store, clock, failures } = this.#options;
    const [inRow] = await this.#find(keys.key);
    const wait = waitInRow(inRow, failures, 0, clock.now());
    if (wait > 0) throw tooManyAttempts(wait);
    this.#known.add(keys);
    if (inRow !== undefined) await store.logins.forget(keys.key);
  }

  /** Throws `TOOMANYREQUESTS`, and counts nothing, when the attempt has to wait by now. */
  async #count({ key, account, address }: Keys): Promise<void> {
    const { store, clock, failures } = this.#options;
    const others = [{ key: account, leakMs: accountBucket.leakMs }];
    if (this.#addressBucket !== undefined) others.push({ key: address, leakMs: this.#addressBucket.leakMs });
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const now = clock.now();
      const [inRow] = await this.#find(key);
      const wait = waitInRow(inRow, failures, 0, now);
      if (wait > 0) throw tooManyAttempts(wait);
      const after = failuresInRow(inRow, now) + 1;
      if (await store.logins.count({ key, before: inRow?.level ?? 0, after, others, now })) return;
    }
    throw tooManyAttempts(0);
  }

  #find(...keys: string[]): Promise<readonly (FailureCount | undefined)[]> {
    return this.#options.store.logins.find(keys);
  }

  #end({ key, guess: mark }: Keys, guess: Guess): void {
    guess.requests -= 1;
    if (guess.requests > 0) return;
    const guesses = this.#guesses.get(key);
    guesses?.delete(mark);
    if (guesses?.size === 0) this.#guesses.delete(key);
  }

  /** An identity service may take `Ann` and `ann` for the same. */
  #keysOf({ username, password, ip }: LoginAttempt): Keys {
    const name = username.trim().toLowerCase();
    const network = networkOf(ip);
    return {
      username,
      network,
      key: this.#mark('pair', name, network),
      account: this.#mark('account', name),
      address: this.#mark('address', network),
      guess: this.#mark('guess', username, password),
    };
  }

  /** 128 bits: nothing collides, and rows stay small. */
  #mark(...words: readonly string[]): string {
    const hmac = createHmac('sha256', this.#options.secret).update(JSON.stringify(words)).digest();
    return hmac.subarray(0, 16).toString('base64url');
  }
}

function join(guess: Guess): Guess {
  guess.requests += 1;
  return guess;
}

function tooManyAttempts(waitMs: number): RegistryError {
  return tooManyRequests(`Too many failed logins; try again in ${retryAfter(waitMs)} s`, waitMs);
}
