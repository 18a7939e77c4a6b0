import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { RegistryError } from './errors.ts';
import { formatReference, isTag, parseReference, parseTag } from './reference.ts';
import { errorOf, rejectionOf } from './testing/rejection.ts';

describe('parseTag', () => {
  test.each(['a', 'A', '0', '_', 'latest', 'v1.2.3-rc_1', 'sha256-abc.sig', 'a'.repeat(128)])('accepts %s', (tag) => {
    expect(parseTag(tag)).toBe(tag);
    expect(isTag(tag)).toBe(true);
  });

  test.each(['', '.a', '-a', 'a/b', 'a b', 'a+b', 'a:b', 'ä', 'a\n', 'a\0', '..', 'a'.repeat(129)])(
    'rejects %j',
    (tag) => {
      expect(isTag(tag)).toBe(false);
      expect(rejectionOf('TAG_INVALID', () => parseTag(tag)).detail).toEqual({ tag });
    },
  );
});

describe('parseReference', () => {
  test('parses a text without a colon as a tag', () => {
    expect(parseReference('latest')).toEqual({ kind: 'tag', tag: 'latest' });
    rejectionOf('TAG_INVALID', () => parseReference('not a tag'));
  });

  test('parses a text with a colon as a digest', () => {
    const digest = digestOf('x', 'sha512');
    expect(parseReference(digest)).toEqual({ kind: 'digest', digest });
    rejectionOf('DIGEST_INVALID', () => parseReference('sha256:baddigeststring'));
    rejectionOf('DIGEST_INVALID', () => parseReference(':'));
  });

  test('returns the same text, and throws nothing but a RegistryError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w.:-]{1,130}$/)), (text) => {
        const error = errorOf(() => {
          expect(formatReference(parseReference(text))).toBe(text);
        });
        if (error !== undefined) expect(error).toBeInstanceOf(RegistryError);
      }),
    );
  });
});
