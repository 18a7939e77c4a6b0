import { actions } from '@mcr/core';
import { defineCommand } from '../../cli/command.ts';
import { accountOption, expiresOption, expiryOf, newTokenFields, printSecret } from './token.ts';

/** `mcrctl token create`: TokenService.CreateToken. Prints the secret on stdout. */
export const tokenCreateCommand = defineCommand({
  name: 'token create <name>',
  describe: 'Create an access token, and print its secret, which is shown only once',
  positionals: { name: { describe: 'Name, of letters, digits, . _ -' } },
  options: {
    ...accountOption,
    action: {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      choices: actions,
      describe: 'What it is for (default: all that the account may); may be repeated',
    },
    repository: {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      complete: 'repository',
      value: 'PATTERN',
      describe: "Repositories that it is for, such as 'team/**' (default: all); may be repeated",
    },
    scope: {
      type: 'string',
      requiresArg: true,
      choices: ['none', 'admin:read', 'admin:write'],
      default: 'none',
      describe: 'What it is for in the admin API',
    },
    ...expiresOption,
  },
  examples: [
    [
      "mcrctl token create deploy --account ci --action registry:pull --repository 'team/**' --expires 30d",
      'A token with which the robot ci pulls from one namespace',
    ],
    ['mcrctl token create laptop | podman login -u alice --password-stdin registry.example.com', 'Log in with it'],
    ['mcrctl token create monitoring --scope admin:read --json secret', 'A token for a script that reads statistics'],
  ],
  fields: newTokenFields,
  async run(context, { name, account, action, repository, scope, expires, json }) {
    const api = await context.client();
    const expiresAt = expiryOf(expires);
    const input = {
      name,
      actions: action,
      repositories: repository,
      scope,
      ...(account !== undefined && { account }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
    };
    const hints = { conflict: `mcrctl token rotate ${name} gives it another secret` };
    const { token, secret } = await api.call('tokens.createToken', input, { to: `create the token ${name}`, hints });
    context.print.say(`Created the token ${name}`);
    printSecret(context, api.server, { token, secret, json });
  },
});
