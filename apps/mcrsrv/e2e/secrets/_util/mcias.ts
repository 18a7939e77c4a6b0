import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeMcias, startRegistry, tempDirectory } from '@mcr/testkit';
import type { Ledger } from './ledger.ts';
import { readTree } from './tree.ts';
import { basic, bearer, visitor } from './visitor.ts';

/** Logs in through MCIAS while it works, fails and sends secrets back. */
export async function useMcias(ledger: Ledger): Promise<void> {
  await using mcias = await startFakeMcias();
  await using directory = await tempDirectory();
  const password = ledger.password('password at MCIAS');
  mcias.addAccount({ username: 'ann', password, roles: ['admin'] });
  const caCert = join(directory.path, 'ca.crt');
  await writeFile(caCert, mcias.caPem, { mode: 0o600 });
  const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: caCert };
  await using registry = await startRegistry({ env: { MCR_LOG_LEVEL: 'debug', ...env } });
  const ask = visitor(ledger, registry.ca);
  const token = (credentials: { readonly authorization: string }, issues = false) =>
    ask('GET', `${registry.baseUrl}/v2/token`, { headers: credentials, issues });

  const { body } = await token(basic('ann', password), true);
  const ann = ledger.token('token of MCIAS', (JSON.parse(body) as { token: string }).token);
  await token(basic('ann', ledger.password('wrong password at MCIAS')));
  await ask('GET', `${registry.baseUrl}/v2/_catalog`, { headers: bearer(ann) });
  await ask('GET', `${registry.baseUrl}/v1/audit`, { headers: bearer(ann) });
  const other = ledger.secret('a token that MCIAS has not seen', 'gUnseenTokenOfAnotherAccount');
  for (const fault of ['error', 'throttled', 'malformed'] as const) {
    mcias.setFault(fault);
    await token(basic('ann', password));
    await ask('GET', `${registry.baseUrl}/v2/`, { headers: bearer(other) });
  }
  mcias.setFault(undefined);
  for (const response of [
    { status: 500, body: { error: `no ${password}`, token: ann } },
    { status: 200, body: `{"token":"${ann}` },
    { status: 200, body: { token: [ann], valid: password } },
    { status: 302, headers: { Location: `https://127.0.0.1/?token=${ann}` } },
  ]) {
    for (const endpoint of ['login', 'validate', 'logout'] as const) mcias.setResponse(endpoint, response);
    await token(basic('ann', password));
    await ask('GET', `${registry.baseUrl}/v2/`, { headers: bearer(`${other}x`) });
    await ask('POST', `${registry.baseUrl}/v1/auth/logout`, { headers: bearer(ann) });
  }
  await mcias.close();
  await token(basic('ann', password));
  await readTree(ledger, registry.directory);
  ledger.wrote('output of mcrsrv', registry.log());
}
