import * as fc from 'fast-check';

/** Any string, lone surrogates and control characters included. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)),
});
