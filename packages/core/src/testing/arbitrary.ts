import * as fc from 'fast-check';

/** Any string, including lone surrogates and control characters. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)),
});
