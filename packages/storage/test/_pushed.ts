import { digestOf } from '@mcr/core';
import { bytes } from '../src/testing/content.ts';

/** What `_push-twice.ts` pushes: more than one batch. */
export const content = bytes(400_000, 42);
export const digest = digestOf(content);

const hex = digest.slice('sha256:'.length);
export const prefix = `sha256/${hex.slice(0, 2)}`;
export const locator = `${prefix}/${hex}`;

/** The uploads that it uses, one after the other. */
export const uploadIds = ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'] as const;

/** An upload whose client goes on after it was sealed, from here. */
export const resumedId = '00000000-0000-0000-0000-000000000003';
export const resumedAt = 300_000;
