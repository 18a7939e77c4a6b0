import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestServer, testPassword } from './server.ts';

test.each([
  ['a password in its log', 'the log', ({ log }) => log.info({ password: testPassword }, 'a line')],
  [
    'a token in a file',
    'note',
    async ({ directory, token }) => await writeFile(join(directory, 'note'), `the token ${token}`),
  ],
  [
    'a password in its database',
    'mcr.db',
    async ({ store }) =>
      await store.audit.append([{ type: 'login', at: 1, actor: {}, details: { password: testPassword } }]),
  ],
] as const satisfies readonly (readonly [string, string, (leak: Leak) => unknown])[])(
  'the end of a test finds %s',
  async (_what, where, leak) => {
    const server = await startTestServer();
    const { store, log } = server.context.services;
    const { token } = await server.admin.token();
    await leak({ store, log, directory: server.directory, token });
    await expect(server[Symbol.asyncDispose]()).rejects.toThrow(new RegExp(`has written .* in ${where}`));
  },
);

interface Leak {
  readonly store: Awaited<ReturnType<typeof startTestServer>>['context']['services']['store'];
  readonly log: Awaited<ReturnType<typeof startTestServer>>['context']['services']['log'];
  readonly directory: string;
  readonly token: string;
}
