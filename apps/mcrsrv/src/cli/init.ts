import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetadataStore } from '@mcr/db';
import { asWord, fromHere } from '@mcr/server-kit/shell';
import { defineCommand } from './command.ts';
import { withNewStore } from './options.ts';
import { say } from './output.ts';
import { ownCommand } from './own-command.ts';

const adminName = 'admin';
const passwordBytes = 18;

/** `mcrsrv init`: everything for a first start; does nothing to what is there already. */
export const initCommand = defineCommand({
  name: 'init',
  describe: 'Create a configuration, certificates, the database and an admin account',
  options: {
    dir: {
      type: 'string',
      requiresArg: true,
      default: '.',
      value: 'DIRECTORY',
      describe: 'Directory to set up; created if need be',
    },
    host: {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      value: 'NAME',
      describe: 'A further host name for the certificate; may be repeated',
    },
  },
  examples: [
    ['mcrsrv init --dir ./srv', 'For localhost'],
    ['mcrsrv init --dir /srv/mcr --host registry.example.net', 'For a name on the network'],
  ],
  run: async ({ dir, host }) => {
    // Certificates need a large library that a running server does not.
    const { initDirectory } = await import('../setup/init-directory.ts');
    const account: string[] = [];
    const { created, existing } = await initDirectory({
      directory: dir,
      hosts: host,
      complete: (config) =>
        withNewStore(config, async (store) => void account.push(...(await createAdmin(store, dir)))),
      // A host that is named is one to be reached by.
      everyInterface: host.length > 0,
    });
    for (const path of existing) say(`kept     ${path}`);
    for (const path of created) say(`created  ${path}`);
    for (const line of account) say(line);
  },
});

/** What was done, in lines. */
async function createAdmin(store: MetadataStore, directory: string): Promise<readonly string[]> {
  if ((await store.accounts.list({ limit: 1 })).length > 0) return ['kept     the accounts that exist'];
  const password = randomBytes(passwordBytes).toString('base64url');
  const path = join(directory, 'initial-admin-password');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  const [{ localAccounts }, { createAccount }] = await Promise.all([
    import('./account/accounts.ts'),
    import('../admin/accounts/create.ts'),
  ]);
  await localAccounts(store).run(createAccount, { username: adminName, roles: ['admin'], password });
  return [
    `created  ${path}`,
    `\nThe account ${adminName} has the password ${password}`,
    'It is shown only now; the file above keeps it until you delete it. Change it with:',
    `  ${ownCommand()} account passwd ${adminName} --config ${asWord(fromHere(join(directory, 'mcr.toml')))}`,
  ];
}
