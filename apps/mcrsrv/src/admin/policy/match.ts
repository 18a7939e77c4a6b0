import { compileGlob, delegationProblem, liesWithin, type RepositoryName, timeSlices } from '@mcr/core';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { delegateOf, denyDelegate } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';
import { actionOf } from './delegated.ts';
import { checkRule } from './rule.ts';

const action = actionOf(PolicyService.method.matchRepositories);
/** Names that are looked at for a page, however few of them match. */
const maxLooks = 20_000;
/** Names that are read first, and at a time after that: those of one team are few. */
const readFirst = 100;
const readAtOnce = 1_000;
/** Names between which others may be served. */
const namesPerStep = 100;

/**
 * Repositories that a pattern matches now. Without a username, `{username}` stands for one component of a name, since some
 * account may have it as its name.
 */
export const matchRepositories = operation(
  PolicyService.method.matchRepositories,
  async (services, { page, caller }, { pattern, username = '' }) => {
    checkRule(services, { repositories: [pattern] });
    await requireScope(services, caller, pattern);
    const matches = compileGlob(username === '' ? forAnyone(pattern) : pattern);
    const repositories: RepositoryName[] = [];
    const nextStep = timeSlices();
    const prefix = literalPrefix(pattern);
    let after = page.after ?? beforePrefix(prefix);
    for (let looks = 0; looks < maxLooks; ) {
      const limit = looks === 0 ? readFirst : Math.min(readAtOnce, maxLooks - looks);
      looks += limit;
      const names = await services.store.repositories.list({ ...(after !== undefined && { after }), limit });
      for (const [at, name] of names.entries()) {
        if (at % namesPerStep === 0) await nextStep();
        after = name;
        if (!name.startsWith(prefix) && name > prefix) return { repositories, nextPageToken: '' };
        if (!matches(name, username)) continue;
        repositories.push(name);
        if (repositories.length === page.limit) return { repositories, nextPageToken: nextPageToken(true, name) };
      }
      if (names.length < limit) return { repositories, nextPageToken: '' };
    }
    return { repositories, nextPageToken: nextPageToken(true, after) };
  },
);

/** Delegates ask about patterns within their delegations. Throws `DENIED`, after an audit event. */
async function requireScope(services: ServiceContext, caller: Caller, pattern: string): Promise<void> {
  const delegate = await delegateOf(services, caller, action);
  if (delegate === undefined || liesWithin(pattern, delegate.scope)) return;
  const problem = delegationProblem(pattern) ?? `it does not cover ${JSON.stringify(pattern)}`;
  await denyDelegate(services, caller, delegate, { action, problem });
}

/** What every name that a pattern matches begins with. */
function literalPrefix(pattern: string): string {
  return /^[a-z0-9._/-]*/.exec(pattern)?.[0] ?? '';
}

/** Behind all names that stand before those with a prefix: no character of a name is as great as `~`. */
function beforePrefix(prefix: string): string | undefined {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix === '' ? undefined : `${prefix.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

function forAnyone(pattern: string): string {
  // Not a star alone, which would be two where another one stands beside it.
  return pattern.replaceAll('{username}', '[a-z0-9]*');
}
