import { compileGlob, type Tag } from '@mcr/core';
import type { TagFilter } from '../../facets/tags.ts';

/** Whether a platform is the one that was asked for, or a variant of it. */
export function isPlatform(platform: string, asked: string): boolean {
  return platform === asked || platform.startsWith(`${asked}/`);
}

/** Compiles what a filter says of names and times. Throws `PARAMETER_INVALID` for a pattern that is none. */
export function compileTagFilter({ search = '', match, updatedBefore = Number.POSITIVE_INFINITY }: TagFilter) {
  const part = search.toLowerCase();
  const matches = match === undefined ? undefined : compileGlob(match);
  return (name: Tag, updatedAt: number): boolean =>
    updatedAt < updatedBefore && (part === '' || name.toLowerCase().includes(part)) && (matches?.(name) ?? true);
}
