import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { RegistryError } from '@mcr/core';
import { isSecretLike } from './access-token-secret.ts';
import { type Argon2Hash, formatArgon2Hash, parseArgon2Hash } from './argon2-phc.ts';
import { type Requester, Slots } from './slots.ts';

/** 46 MiB and one pass: of OWASP's equivalent minimums the one that costs an attacker the most memory; about 64 ms. */
const cost = { memory: 47_104, passes: 1, parallelism: 1 } as const;
const saltBytes = 16;
const tagBytes = 32;

/** Each hash takes 46 MiB. */
const maxHashesAtOnce = 4;
/** About eight seconds of work for one core; Docker waits 15 s for a token. */
const maxWaitingHashes = 128;
/** Two seconds of work: a team behind one address may log in together, and so may three more addresses. */
const maxWaitingHashesPerAddress = 32;

/** Shorter ones can be guessed (NIST SP 800-63B, 3.1.1.2). */
const minPasswordLength = 8;
/** Allows passphrases and generated secrets; bounded because it is part of every login. */
const maxPasswordLength = 256;
/** Counts code points of any kind. */
const passwordLength = new RegExp(`^.{${minPasswordLength},${maxPasswordLength}}$`, 'su');

const derive = promisify(argon2);

/** Number of passwords to hash concurrently with this many cores: one core is left to requests, if there are two. */
export function hashesAtOnce(cores: number): number {
  return Math.min(Math.max(cores - 1, 1), maxHashesAtOnce);
}

/** The queue for all password hashing of this process. */
export const hashingSlots = new Slots({
  concurrency: hashesAtOnce(availableParallelism()),
  maxWaiting: maxWaitingHashes,
  maxWaitingPerAddress: maxWaitingHashesPerAddress,
});

/** A hash of no password, which costs as much to verify as any. */
export const unmatchableHash = formatArgon2Hash({ ...cost, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });

/** Throws `PARAMETER_INVALID` unless `password` has 8 to 256 characters. */
export function checkPassword(password: string): void {
  if (isSecretLike(password)) {
    throw new RegistryError('PARAMETER_INVALID', 'The password must not begin as access tokens do');
  }
  if (passwordLength.test(password)) return;
  throw new RegistryError(
    'PARAMETER_INVALID',
    `The password must have ${minPasswordLength} to ${maxPasswordLength} characters`,
  );
}

/**
 * Hashes a password with argon2id and a new salt, as a PHC string. Throws `PARAMETER_INVALID` for a password that
 * {@link checkPassword} rejects and `TOOMANYREQUESTS` if too many hashes are in progress.
 */
export async function hashPassword(password: string, requester: Requester = {}): Promise<string> {
  checkPassword(password);
  const salt = randomBytes(saltBytes);
  const tag = await hashingSlots.run(() => tagOf(password, { ...cost, salt, tag: Buffer.alloc(tagBytes) }), requester);
  return formatArgon2Hash({ ...cost, salt, tag });
}

/**
 * Whether `password` matches this hash, an argon2id PHC string within the cost of a login; false if it is not one.
 * Hashes immediately: code that serves clients first waits for a slot, see {@link Slots}.
 */
export async function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
  const hash = parseArgon2Hash(passwordHash);
  if (hash === undefined) return false;
  return timingSafeEqual(await tagOf(password, hash), hash.tag);
}

/** NFC, since systems differ in how they encode the same accented letter (RFC 8265, 4.2). */
function tagOf(password: string, { memory, passes, parallelism, salt, tag }: Argon2Hash): Promise<Buffer> {
  const message = password.normalize('NFC');
  return derive('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: tag.length });
}
