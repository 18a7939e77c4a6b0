import { compileGlob, RegistryError } from '@mcr/core';
import type { Client } from '../../api/client.ts';
import type { CommandContext } from '../../cli/context.ts';
import { usageError } from '../../cli/errors.ts';
import { formatCount } from '../../output/format.ts';
import { parseSeconds } from '../../settings/duration.ts';
import { type ListedTag, listTags } from './list.ts';

/** The values of `matchOptions`. */
export interface MatchArguments {
  readonly match?: string | undefined;
  readonly 'older-than'?: string | undefined;
}

/** Whether a tag is selected. */
export type Selects = (tag: ListedTag) => boolean;

/** The selection by the options; `undefined` without any. `now` is in milliseconds since the epoch. Throws a usage error. */
export function selectionOf({ match, 'older-than': olderThan }: MatchArguments, now: number): Selects | undefined {
  if (match === undefined && olderThan === undefined) return undefined;
  const matches = match === undefined ? () => true : parsePattern(match);
  if (olderThan === undefined) return ({ name }) => matches(name);
  const end = now - parseSeconds(olderThan, '--older-than') * 1_000;
  return ({ name, updated_at: updated }) => updated !== undefined && Date.parse(updated) <= end && matches(name);
}

function parsePattern(pattern: string): (name: string) => boolean {
  try {
    return compileGlob(pattern);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw usageError(`invalid value "${pattern}" for --match: ${error.message}`, "use a pattern such as 'pr-*'");
  }
}

/** All selected tags of a repository, and how many it has. */
export async function findTags(
  { print }: Pick<CommandContext, 'print'>,
  client: Client,
  repository: string,
  selects: Selects,
): Promise<{ readonly selected: readonly ListedTag[]; readonly total: number }> {
  const selected: ListedTag[] = [];
  let total = 0;
  for await (const page of listTags(client, repository, { sort: 'version' })) {
    total += page.length;
    selected.push(...page.filter(selects));
    print.progress(
      `reading the tags of ${repository}: ${formatCount(selected.length, 'match', 'matches')} of ${total}`,
    );
  }
  return { selected, total };
}
