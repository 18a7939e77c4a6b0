import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OciResponse } from '@mcr/testkit';
import type { TestServer } from '../_util/server.ts';

export const redirectUrl = 'https://ui.example.com/login/callback';

/** What a provider of the configuration has of its own. */
interface ProviderFiles {
  readonly issuer: string;
  readonly caPem: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** The section of a provider, with its files written to a directory. */
export async function oidcSection(
  directory: string,
  name: string,
  { issuer, caPem, clientId = 'mcr', clientSecret }: ProviderFiles,
  more = '',
): Promise<string> {
  await writeFile(join(directory, `${name}.crt`), caPem);
  const secret = clientSecret === undefined ? '' : `client_secret_file = "${join(directory, `${name}.secret`)}"`;
  if (clientSecret !== undefined)
    await writeFile(join(directory, `${name}.secret`), `${clientSecret}\n`, { mode: 0o600 });
  return `[oidc.${name}]
issuer = "${issuer}"
client_id = "${clientId}"
${secret}
redirect_url = "${redirectUrl}"
ca_cert = "${join(directory, `${name}.crt`)}"
${more}
`;
}

/** One step of a sign-in, over REST. */
export function signIn(server: TestServer, step: Readonly<Record<string, unknown>>): Promise<OciResponse> {
  return server.client({}).request('POST', '/v1/auth/sign-in', {
    authorization: null,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(step),
  });
}
