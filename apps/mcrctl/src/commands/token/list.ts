import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { accountOption, tokenFields } from './token.ts';

/** `mcrctl token list`: TokenService.ListTokens. */
export const tokenListCommand = defineCommand({
  name: 'token list',
  describe: 'List access tokens: your own, those of an account, or all',
  options: {
    ...accountOption,
    all: {
      type: 'boolean',
      default: false,
      describe: 'List the tokens of all accounts, which requires the role admin',
    },
    ...limitOption,
  },
  examples: [
    ['mcrctl token list', 'Your own tokens, and when they were used last'],
    ['mcrctl token list --all --json name,username,expires_at', 'When the tokens of all accounts expire, for a script'],
  ],
  fields: tokenFields,
  async run({ print, client }, { account, all, limit }) {
    if (all && account !== undefined) throw usageError('--all and --account exclude each other', 'omit one of them');
    const about = { to: 'list the tokens', limit: parseCount(limit, '--limit') };
    const input = account === undefined ? { all } : { account };
    const pages = (await client()).pages('tokens.listTokens', input, about, ({ tokens }) => tokens);
    await print.list(tokenFields, pages, 'No tokens');
  },
});
