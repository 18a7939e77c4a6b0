import { compileGlob, type RepositoryName, timeSlices } from '@mcr/core';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';
import { checkRule } from './rule.ts';

/** Names that are looked at for a page, however few of them match. */
const maxLooks = 20_000;
/** Names that are read at a time. */
const readAtOnce = 1_000;

/**
 * Repositories that a pattern matches now. Without a username, `{username}` stands for one component of a name, since some
 * account may have it as its name.
 */
export const matchRepositories = operation(
  PolicyService.method.matchRepositories,
  async (services, { page }, { pattern, username = '' }) => {
    checkRule(services, { repositories: [pattern] });
    const matches = compileGlob(username === '' ? forAnyone(pattern) : pattern);
    const repositories: RepositoryName[] = [];
    const nextStep = timeSlices();
    let { after } = page;
    for (let looks = 0; looks < maxLooks; looks += readAtOnce) {
      const names = await services.store.repositories.list({
        ...(after !== undefined && { after }),
        limit: readAtOnce,
      });
      for (const name of names) {
        await nextStep();
        after = name;
        if (!matches(name, username)) continue;
        repositories.push(name);
        if (repositories.length === page.limit) return { repositories, nextPageToken: nextPageToken(true, name) };
      }
      if (names.length < readAtOnce) return { repositories, nextPageToken: '' };
    }
    return { repositories, nextPageToken: nextPageToken(true, after) };
  },
);

function forAnyone(pattern: string): string {
  // Not a star alone, which would be two where another one stands beside it.
  return pattern.replaceAll('{username}', '[a-z0-9]*');
}
