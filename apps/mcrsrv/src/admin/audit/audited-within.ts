import { type Delegate, liesWithin, RegistryError } from '@mcr/core';
import type { ServiceContext } from '../../services/context.ts';

/** Repositories whose events are merged at most: each of them, and each type of event, is a step through an index. */
const maxRepositories = 1_000;

/**
 * Repositories within a delegate's scope that the audit log names, deleted ones among them. Throws `PARAMETER_INVALID` when there are
 * too many to merge.
 */
export async function auditedWithin(
  { store }: Pick<ServiceContext, 'store'>,
  { scope }: Pick<Delegate, 'scope'>,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of scope) {
    const [, prefix] = /^(.*\/)\*{1,2}$/.exec(pattern) ?? [];
    if (prefix === undefined) {
      found.add(pattern);
      continue;
    }
    const names = await store.audit.repositories({ prefix, limit: maxRepositories + 1 });
    for (const name of names) if (liesWithin(name, [pattern])) found.add(name);
    if (names.length <= maxRepositories && found.size <= maxRepositories) continue;
    const problem = `the audit log has more than ${maxRepositories} repositories within ${scope.join(', ')}: give repository`;
    throw new RegistryError('PARAMETER_INVALID', problem, { detail: { scope } });
  }
  return [...found];
}
