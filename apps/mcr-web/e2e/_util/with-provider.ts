import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OidcProvider, startOidcProvider } from '@mcr/testkit';
import type { Page } from 'playwright-core';
import type { Stack } from './stack.ts';

/** How often the login page is looked at, and for how long in all: it remembers for some seconds that there was no provider. */
const [lookMs, looks] = [500, 120];

/** Starts an OpenID provider, `corp` with the title `Acme`, at which people of the group `operators` sign in as admins. */
export async function startProviderOf(stack: Stack, mapping = ''): Promise<OidcProvider> {
  const redirectUris = [`${stack.url}/login/callback`];
  const provider = await startOidcProvider({ redirectUris, postLogoutRedirectUris: [`${stack.url}/login`] });
  const { registry } = stack;
  await writeFile(join(registry.directory, 'corp.crt'), provider.caPem);
  await writeFile(join(registry.directory, 'corp.secret'), provider.clientSecret, { mode: 0o600 });
  const section = `
[oidc.corp]
title = "Acme"
issuer = "${provider.issuer}"
client_id = "${provider.clientId}"
client_secret_file = "corp.secret"
redirect_url = "${redirectUris[0]}"
scopes = ["openid", "profile", "groups"]
ca_cert = "corp.crt"
${mapping || 'roles = { admin = { groups = "operators" } }\nrequire = { groups = "operators" }'}
`;
  // A test that is tried again has written it before.
  const [before] = (await readFile(registry.configPath, 'utf8')).split('\n[oidc.corp]');
  await writeFile(registry.configPath, before + section);
  await registry.restart();
  await untilOffered(stack);
  return provider;
}

/** Signs in at the provider, on a page that has led there. */
export async function signInAtProvider(page: Page, login: string): Promise<void> {
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('button[type=submit]').click();
}

async function untilOffered({ url, registry }: Stack): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    if ((await textOf(`${url}/login`, registry.ca)).includes('Sign in with Acme')) return;
    await sleep(lookMs);
  }
  throw new Error('The login page offers no provider');
}

async function textOf(url: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { ca, agent: false }, (response) => resolve(text(response)))
    .on('error', reject)
    .end();
  return await promise;
}
