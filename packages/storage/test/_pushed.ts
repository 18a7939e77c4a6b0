import { digestOf } from '@mcr/core';
import { bytes } from '../src/testing/content.ts';

/** What `_push-twice.ts` pushes: more than one batch. */
export const content = bytes(400_000, 42);
export const digest = digestOf(content);

/** How much of it comes first where it comes in two parts, and the digest of that. */
export const half = 300_000;
export const firstHalf = digestOf(content.subarray(0, half));

/** The uploads that it uses, one after the other. */
export const uploadIds = ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'] as const;
