import type { ListTagsRequestSchema } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Input } from '../../api/json.ts';
import { usageError } from '../../cli/errors.ts';
import { parseSeconds } from '../../settings/duration.ts';

/** The options that select tags of a repository. */
export const matchOptions = {
  match: {
    type: 'string',
    requiresArg: true,
    value: 'PATTERN',
    describe: "Only tags that match this pattern, such as 'pr-*'",
  },
  'older-than': {
    type: 'string',
    requiresArg: true,
    value: 'DURATION',
    describe: 'Only tags that have not changed for so long, such as 30d or 12h',
  },
} as const;

/** The options by which the registry filters tags. */
export const filterOptions = {
  ...matchOptions,
  platform: {
    type: 'string',
    requiresArg: true,
    describe: 'Only images for this platform, such as linux/arm64',
  },
  signed: {
    type: 'string',
    requiresArg: true,
    choices: ['yes', 'no'],
    describe: 'Only images with a signature, unverified, or only those without one',
  },
} as const;

/** The values of {@link filterOptions}. */
export interface FilterArguments {
  readonly match?: string | undefined;
  readonly 'older-than'?: string | undefined;
  readonly platform?: string | undefined;
  readonly signed?: string | undefined;
}

/** The filter with the names of the API; `now` is in milliseconds since the epoch. Throws a usage error. */
export function filterOf(args: FilterArguments, now: number): Partial<Input<typeof ListTagsRequestSchema>> {
  const { match, 'older-than': olderThan, platform, signed } = args;
  if (match !== undefined && !/^[\w.*?-]+$/.test(match)) {
    throw usageError(`invalid value "${match}" for --match`, "use the characters of tags, * and ?, such as 'pr-*'");
  }
  return {
    ...(match !== undefined && { match }),
    ...(olderThan !== undefined && {
      updated_before: new Date(now - parseSeconds(olderThan, '--older-than') * 1_000).toISOString(),
    }),
    ...(platform !== undefined && { platform }),
    ...(signed !== undefined && { signed: signed === 'yes' }),
  };
}
