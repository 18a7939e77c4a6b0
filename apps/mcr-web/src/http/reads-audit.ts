import { liesWithin } from '@mcr/core';
import { isAdmin, scopeOf } from './session.ts';

/**
 * Whether the user may read the audit log of a repository, as far as the UI knows: who pulled is told to no one else, and pages
 * show no way there.
 */
export function readsAudit(session: Parameters<typeof scopeOf>[0], repository: string): boolean {
  return isAdmin(session) || liesWithin(repository, scopeOf(session) ?? []);
}
