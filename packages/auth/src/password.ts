import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { RegistryError } from '@mcr/core';
import { type Argon2Hash, formatArgon2Hash, parseArgon2Hash } from './argon2-phc.ts';
import { type Requester, Slots } from './slots.ts';

/** 46 MiB and one pass: OWASP's equivalent of its minimum that costs an attacker the most memory; about 64 ms. */
const cost = { memory: 47_104, passes: 1, parallelism: 1 } as const;
const saltBytes = 16;
const tagBytes = 32;

/** Each holds 46 MiB. */
const maxHashesAtOnce = 4;
/** About eight seconds of work for one core; Docker waits 15 s for a token. */
const maxWaitingHashes = 128;
/** Two seconds of it: a team behind one address may log in at once, and three more addresses may do the same. */
const maxWaitingHashesPerAddress = 32;

/** Shorter ones are guessed (NIST SP 800-63B, 3.1.1.2). */
const minPasswordLength = 8;
/** Passphrases and generated secrets fit; a bound because every login carries it. */
const maxPasswordLength = 256;
/** Counts code points, whatever they are. */
const passwordLength = new RegExp(`^.{${minPasswordLength},${maxPasswordLength}}$`, 'su');

const derive = promisify(argon2);

/** How many passwords are hashed at once on a machine of so many cores: one core is left to requests, where there are two. */
export function hashesAtOnce(cores: number): number {
  return Math.min(Math.max(cores - 1, 1), maxHashesAtOnce);
}

/** The room that all password hashing of this process shares. */
export const hashingSlots = new Slots({
  concurrency: hashesAtOnce(availableParallelism()),
  maxWaiting: maxWaitingHashes,
  maxWaitingPerAddress: maxWaitingHashesPerAddress,
});

/** A hash that costs as much as any and that no password has. */
export const unmatchableHash = formatArgon2Hash({ ...cost, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });

/** Throws `PARAMETER_INVALID` unless `password` has 8 to 256 characters. */
export function checkPassword(password: string): void {
  if (passwordLength.test(password)) return;
  throw new RegistryError(
    'PARAMETER_INVALID',
    `The password must have ${minPasswordLength} to ${maxPasswordLength} characters`,
  );
}

/**
 * Hashes a password with argon2id and a new salt, as a PHC string. Throws `PARAMETER_INVALID` for one that
 * {@link checkPassword} refuses and `TOOMANYREQUESTS` when too many hashes are under way.
 */
export async function hashPassword(password: string, requester: Requester = {}): Promise<string> {
  checkPassword(password);
  const salt = randomBytes(saltBytes);
  const tag = await hashingSlots.run(() => tagOf(password, { ...cost, salt, tag: Buffer.alloc(tagBytes) }), requester);
  return formatArgon2Hash({ ...cost, salt, tag });
}

/**
 * Whether `password` has this hash, an argon2id PHC string of any cost that a login may have; false when it is none. Hashes
 * at once: what serves clients waits for its turn before, see {@link Slots}.
 */
export async function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
  const hash = parseArgon2Hash(passwordHash);
  if (hash === undefined) return false;
  return timingSafeEqual(await tagOf(password, hash), hash.tag);
}

/** NFC, since systems differ in how they type the same accented letter (RFC 8265, 4.2). */
function tagOf(password: string, { memory, passes, parallelism, salt, tag }: Argon2Hash): Promise<Buffer> {
  const message = password.normalize('NFC');
  return derive('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: tag.length });
}
