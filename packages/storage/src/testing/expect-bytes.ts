import { digestOf } from '@mcr/core';
import { expect } from 'vitest';

/** Expects the same bytes; compares digests, since a difference of megabytes is unreadable. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect({ size: actual.length, digest: digestOf(actual) }).toEqual({
    size: expected.length,
    digest: digestOf(expected),
  });
}
