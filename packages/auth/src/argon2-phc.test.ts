import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatArgon2Hash, parseArgon2Hash } from './argon2-phc.ts';

const salt = 'c29tZXNhbHQ';
const tag = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

test('every hash reads back as it was written', () => {
  const hash = fc.record({
    memory: fc.integer({ min: 128, max: 262_144 }),
    passes: fc.integer({ min: 1, max: 16 }),
    parallelism: fc.integer({ min: 1, max: 16 }),
    salt: bytes(9, 48),
    tag: bytes(12, 64),
  });
  fc.assert(
    fc.property(hash, (value) => {
      expect(parseArgon2Hash(formatArgon2Hash(value))).toEqual(value);
    }),
  );
});

test('no text makes the parser throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseArgon2Hash(text)).toBeUndefined();
    }),
  );
});

test.each([
  ['argon2i', `$argon2i$v=19$m=4096,t=3,p=1$${salt}$${tag}`],
  ['version 1.0', `$argon2id$v=16$m=4096,t=3,p=1$${salt}$${tag}`],
  ['no version', `$argon2id$m=4096,t=3,p=1$${salt}$${tag}`],
  ['more memory than a login may cost', `$argon2id$v=19$m=262145,t=3,p=1$${salt}$${tag}`],
  ['less memory than argon2 needs', `$argon2id$v=19$m=15,t=3,p=2$${salt}$${tag}`],
  ['no passes', `$argon2id$v=19$m=4096,t=0,p=1$${salt}$${tag}`],
  ['too many passes', `$argon2id$v=19$m=4096,t=17,p=1$${salt}$${tag}`],
  ['no lanes', `$argon2id$v=19$m=4096,t=3,p=0$${salt}$${tag}`],
  ['too many lanes', `$argon2id$v=19$m=4096,t=3,p=17$${salt}$${tag}`],
  ['no salt', `$argon2id$v=19$m=4096,t=3,p=1$$${tag}`],
  ['no tag', `$argon2id$v=19$m=4096,t=3,p=1$${salt}$`],
  ['padding', `$argon2id$v=19$m=4096,t=3,p=1$${salt}$${tag}=`],
  ['something behind', `$argon2id$v=19$m=4096,t=3,p=1$${salt}$${tag}\n`],
  ['bcrypt', '$2b$12$abcdefghijklmnopqrstuuu1Yy1Yy1Yy1Yy1Yy1Yy1Yy1Yy1Yy1Yy'],
])('a hash with %s is none of ours', (_what, text) => {
  expect(parseArgon2Hash(text)).toBeUndefined();
});
