import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digestAlgorithm,
  digestFromHex,
  digestHex,
  digestOf,
  isDigest,
  isGrammaticalDigest,
  parseDigest,
} from './digest.ts';
import { anyText } from './testing/arbitrary.ts';
import { rejectionOf } from './testing/rejection.ts';

const hex256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const hex512 =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e';

/** Digests as in CVE-2024-3727 and similar attacks. */
const malformed = [
  '',
  'sha256',
  'sha256:',
  ':',
  hex256,
  `sha256:${hex256.slice(1)}`,
  `sha256:${hex256}0`,
  `sha256:${hex256.toUpperCase()}`,
  `SHA256:${hex256}`,
  ` sha256:${hex256}`,
  `sha256:${hex256}\n`,
  `sha256:${hex256}\0`,
  `sha256:${hex256.slice(0, 63)}g`,
  'sha256:baddigeststring',
  'sha256:../../x',
  `sha256:../../${hex256}`,
  `sha512:${hex256}`,
  `sha512:${hex512.slice(1)}`,
  `sha256:${hex512}`,
];

const otherAlgorithms = [`sha384:${'a'.repeat(96)}`, 'md5:d41d8cd98f00b204e9800998ecf8427e', `blake3:${hex256}`];

describe('parseDigest', () => {
  test.each([`sha256:${hex256}`, `sha512:${hex512}`])('accepts %s', (text) => {
    expect(parseDigest(text)).toBe(text);
    expect(isDigest(text)).toBe(true);
  });

  test.each([...malformed, ...otherAlgorithms])('rejects %j', (text) => {
    expect(isDigest(text)).toBe(false);
    expect(rejectionOf('DIGEST_INVALID', () => parseDigest(text)).detail).toEqual({ digest: text.slice(0, 200) });
  });

  test('accepts exactly the right number of lower-case hex digits', () => {
    const digits = fc.oneof(
      fc.stringMatching(/^[a-f0-9]{64}$/),
      fc.stringMatching(/^[a-f0-9]{128}$/),
      fc.stringMatching(/^[a-fA-F0-9]{60,66}$/),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom('sha256', 'sha512', 'sha1'), digits, (algorithm, hex) => {
        const length = { sha256: 64, sha512: 128, sha1: -1 }[algorithm];
        const expected = hex.length === length && Array.from(hex).every((digit) => '0123456789abcdef'.includes(digit));
        expect(isDigest(`${algorithm}:${hex}`)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('throws nothing but DIGEST_INVALID, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        rejectionOf('DIGEST_INVALID', () => parseDigest(text));
      }),
    );
  });
});

describe('isGrammaticalDigest', () => {
  test.each([
    `sha256:${hex256}`,
    `sha512:${hex512}`,
    ...otherAlgorithms,
    'multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8',
    'sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564=',
  ])('accepts %s', (text) => {
    expect(isGrammaticalDigest(text)).toBe(true);
  });

  test.each([...malformed, 'a++b:c', '+a:b', 'a+:b', 'A:b', 'a:b/c', 'a:b c'])('rejects %j', (text) => {
    expect(isGrammaticalDigest(text)).toBe(false);
  });

  test('limits the length to 512 characters', () => {
    expect(isGrammaticalDigest(`a:${'b'.repeat(510)}`)).toBe(true);
    expect(isGrammaticalDigest(`a:${'b'.repeat(511)}`)).toBe(false);
  });

  test('accepts what the image-spec grammar generates', () => {
    const separator = fc.constantFrom('+', '.', '_', '-');
    const part = fc.stringMatching(/^[a-z0-9]{1,5}$/);
    const algorithm = fc
      .tuple(part, fc.array(fc.tuple(separator, part), { maxLength: 3 }))
      .map(([first, rest]) => first + rest.map((pair) => pair.join('')).join(''))
      .filter((name) => name !== 'sha256' && name !== 'sha512');
    fc.assert(
      fc.property(algorithm, fc.stringMatching(/^[a-zA-Z0-9=_-]{1,80}$/), (name, encoded) => {
        expect(isGrammaticalDigest(`${name}:${encoded}`)).toBe(true);
      }),
    );
  });
});

describe('making digests', () => {
  test('digestOf returns the known digests of empty content', () => {
    expect(digestOf('')).toBe(`sha256:${hex256}`);
    expect(digestOf(new Uint8Array(), 'sha512')).toBe(`sha512:${hex512}`);
  });

  test('digestOf hashes a string as UTF-8', () => {
    expect(digestOf('ä')).toBe(digestOf(new Uint8Array([0xc3, 0xa4])));
  });

  test('digestOf returns digests that can be parsed and split', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('sha256' as const, 'sha512' as const), (content, algorithm) => {
        const digest = digestOf(content, algorithm);
        expect(isDigest(digest)).toBe(true);
        expect(isGrammaticalDigest(digest)).toBe(true);
        expect(digestAlgorithm(digest)).toBe(algorithm);
        expect(digestFromHex(algorithm, digestHex(digest))).toBe(digest);
      }),
    );
  });

  test('digestFromHex rejects what is not the hash of that algorithm', () => {
    rejectionOf('DIGEST_INVALID', () => digestFromHex('sha512', hex256));
  });
});
