import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultMaxJsonDepth, parseStrictJson, StrictJsonError } from './strict-json.ts';
import { errorOf } from './testing/rejection.ts';

function parse(text: string, maxDepth?: number): unknown {
  return parseStrictJson(new TextEncoder().encode(text), maxDepth === undefined ? {} : { maxDepth });
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function escapeAll(key: string): string {
  const units = Array.from({ length: key.length }, (_, i) => key.charCodeAt(i).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

describe('parseStrictJson', () => {
  test.each([
    'null',
    'true',
    '-1.5e-7',
    '"text"',
    ' {\n"a" : [ 1 , { } ] }\r\n\t',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
    String.raw`{"a\"":1,"a\\":2,"\u0061":3,"[{\",":4}`,
    '["a","a"]',
    '{"a":"b","b":"a","c":["a","b"]}',
    '{"":1}',
    '{"proto":1,"constructor":2,"toString":3}',
    '"__proto__"',
    '{"a":"__proto__","b":["__proto__",{"c":["a"]},"a"]}',
    '"😀 \u2028 ä"',
    String.raw`"\ud800"`,
  ])('reads %s as JSON.parse does', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['a duplicate key', '{"a":1,"a":2}', /duplicate key "a" at position 7/],
    ['a duplicate key inside', '[{"x":{"a":1,"b":2,"a":3}}]', /duplicate key "a"/],
    ['a duplicate key after a nested object', '{"a":{"b":1},"a":2}', /duplicate key "a"/],
    ['a duplicate key after a list', '{"a":[1,{"a":1}],"a":2}', /duplicate key "a"/],
    ['a duplicate key that is spelled with an escape', String.raw`{"a":1,"\u0061":2}`, /duplicate key "a"/],
    ['a duplicate empty key', '{"":1,"":2}', /duplicate key ""/],
    ['the key __proto__', '{"__proto__":{}}', /key "__proto__" at position 1/],
    ['the key __proto__ inside', '{"a":[{"__proto__":1}]}', /key "__proto__"/],
    ['the key __proto__ that is spelled with an escape', String.raw`{"__proto\u005f_":1}`, /key "__proto__"/],
    ['a byte order mark', '\uFEFF{}', /byte order mark/],
    ['trailing text', '{} {}', /position 3/],
    ['a trailing zero byte', '{}\0', /position 2/],
    ['a trailing comma', '{"a":1,}', /malformed/],
    ['a comment', '{/* */}', /malformed/],
    ['single quotes', "{'a':1}", /malformed/],
    ['NaN', 'NaN', /malformed/],
    ['a line end in a string', '"a\nb"', /malformed/],
    ['a bad escape in a key', String.raw`{"\x":1}`, /malformed/],
    ['an unterminated string', '{"a', /malformed/],
    ['an unterminated escape', '{"a\\', /malformed/],
    ['a bracket that closes nothing', ']', /malformed/],
    ['brackets that cross', '{"a":[}]', /malformed/],
    ['nothing', '', /malformed/],
  ])('rejects %s', (_name, text, message) => {
    const error = errorOf(() => parse(text));
    expect(error).toBeInstanceOf(StrictJsonError);
    expect(error).toMatchObject({ name: 'StrictJsonError', message: expect.stringMatching(message) });
  });

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a code point beyond Unicode', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ['a truncated character', [0x22, 0xc3]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('rejects %s as invalid UTF-8', (_name, bytes) => {
    const act = () => parseStrictJson(Uint8Array.from(bytes));
    expect(act).toThrow(StrictJsonError);
    expect(act).toThrow('not valid UTF-8');
  });

  test('accepts the maximal depth and rejects one level more', () => {
    expect(parse(nested(defaultMaxJsonDepth))).toBeInstanceOf(Array);
    expect(() => parse(nested(defaultMaxJsonDepth + 1))).toThrow(`deeper than ${defaultMaxJsonDepth} levels`);
    expect(parse('{"a":[]}', 2)).toEqual({ a: [] });
    expect(() => parse('{"a":[{}]}', 2)).toThrow(StrictJsonError);
    expect(parse('1', 0)).toBe(1);
  });

  test('does not count brackets in strings, or siblings, as depth', () => {
    expect(parse('["[[[[{{{{",[],[],{},{}]', 2)).toEqual(['[[[[{{{{', [], [], {}, {}]);
  });

  test.each([10_000, 2_000_000])('rejects a depth of %d without running out of stack', (depth) => {
    expect(() => parse(nested(depth))).toThrow(StrictJsonError);
    expect(() => parse('{"a":'.repeat(depth))).toThrow(StrictJsonError);
    expect(() => parse('['.repeat(depth))).toThrow(StrictJsonError);
  });

  test.each([
    ['escaped quotes', `"${String.raw`\"`.repeat(2 ** 21)}"`],
    ['backslashes', `"${'\\'.repeat(2 ** 22)}"`],
    ['small objects', `[${'{"a":0},'.repeat(2 ** 19)}0]`],
    ['different keys', `{${Array.from({ length: 2 ** 18 }, (_, i) => `"${i}":0`).join()}}`],
    ['one long escaped key', `{"${String.raw`\u0061`.repeat(2 ** 19)}":0}`],
  ])('parses megabytes of %s', (_name, text) => {
    expect(parse(text)).toBeDefined();
  });
});

describe('parseStrictJson, for any input', () => {
  /** Text assembled from the relevant pieces, so that much of it is nearly JSON. */
  const nearJson = fc
    .array(
      fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', '"a"', '"b"', '1', ' ', '"__proto__"', '"a":', 'é'),
      {
        maxLength: 20,
      },
    )
    .map((pieces) => pieces.join(''));

  test('accepts only what JSON.parse accepts, with the same value, and throws nothing but StrictJsonError', () => {
    fc.assert(
      fc.property(fc.oneof(nearJson, fc.json(), fc.string()), (text) => {
        let value: unknown;
        const error = errorOf(() => {
          value = parse(text);
        });
        if (error === undefined) expect(value).toEqual(JSON.parse(text));
        else expect(error).toBeInstanceOf(StrictJsonError);
      }),
      { numRuns: 5000 },
    );
  });

  test('throws nothing but StrictJsonError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const error = errorOf(() => parseStrictJson(bytes));
        if (error !== undefined) expect(error).toBeInstanceOf(StrictJsonError);
      }),
    );
  });

  const value = fc.jsonValue({ maxDepth: 6 });
  const spaces = fc.stringMatching(/^[ \n\t]{0,3}$/);

  test('accepts all JSON whose keys are different and harmless', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('', ' ', '\t'), (expected, indent) => {
        const text = JSON.stringify(expected, undefined, indent);
        fc.pre(!text.includes('__proto__'));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(['password', 'a password', '{"a":"b" password}', '{"password":"b", x}'.repeat(9), '"password'])(
    'quotes nothing of what it rejects: %s',
    (text) => {
      expect(String(errorOf(() => parse(text)))).not.toMatch(/pass|word/);
    },
  );

  test('rejects an object with a duplicate key, at any place and however the key is escaped', () => {
    fc.assert(
      fc.property(fc.string(), value, value, spaces, fc.boolean(), (key, first, second, space, escaped) => {
        const again = escaped ? escapeAll(key) : JSON.stringify(key);
        const twice = `{${space}${JSON.stringify(key)}${space}:${JSON.stringify(first)},${space}${again}:0}`;
        const text = `[${JSON.stringify(second)},{"x":${space}${twice}}]`;
        expect(() => JSON.parse(text)).not.toThrow();
        expect(() => parse(text)).toThrow(StrictJsonError);
      }),
    );
  });
});
