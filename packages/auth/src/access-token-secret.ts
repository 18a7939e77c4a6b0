import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AccountType } from '@mcr/core';

/** Scanners of secrets find tokens by these: those of people, and those of robots, which are system accounts. */
const [personal, robot] = ['mcrp_', 'mcrr_'];

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 178 bits. */
const randomLength = 30;
/** As many as a CRC-32 needs. */
const checksumLength = 6;

const likeSecret = /^mcr[pr]_/;
const secretForm = /^(mcr[pr]_[0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;

/** Makes the secret of an access token: a prefix, 30 random characters, and 6 of a CRC-32 of both, in base 62 as GitHub has it. */
export function createSecret(type: AccountType): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]);
  const body = (type === 'human' ? personal : robot) + random.join('');
  return body + checksum(body);
}

/** Whether a text claims to be the secret of an access token; no password of an account is one. */
export function isSecretLike(text: string): boolean {
  return likeSecret.test(text);
}

/** Whether a text can be a secret: of its form, and with the right checksum. */
export function isSecret(text: string): boolean {
  const [, body, sum] = secretForm.exec(text) ?? [];
  return body !== undefined && checksum(body) === sum;
}

/** A text for logs: people and scripts put secrets where names belong, and into URLs. Their kind is left, `mcrp_…`. */
export function withoutSecrets(text: string): string {
  // Each request has a line with texts that have none, and two looks cost less than a replacement of nothing.
  if (!text.includes(personal) && !text.includes(robot)) return text;
  return text.replaceAll(/(mcr[pr]_)[0-9A-Za-z]{36}/g, '$1…');
}

/** What the database has of a secret: SHA-256 is enough for what cannot be guessed. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let at = 0; at < checksumLength; at += 1) {
    digits = alphabet[rest % alphabet.length] + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
