import { createTestCa, requireZitadel, startZitadelProvider, tempDirectory, visitProvider } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { startTestServer } from '../_util/server.ts';
import { oidcSection, redirectUrl, signIn } from './_sign-in.ts';

describe.skipIf(!requireZitadel())('a provider of another maker', () => {
  test('signs a person in, whose name is at the userinfo endpoint alone', async () => {
    await using provider = await startZitadelProvider(redirectUrl);
    await using files = await tempDirectory();
    const { caPem } = await createTestCa();
    const toml = await oidcSection(files.path, 'zitadel', { ...provider, caPem }, 'username_claim = "email"');
    await using server = await startTestServer({ toml });
    const { location, state } = (await signIn(server, {})).json();
    const back = await visitProvider(location, { fields: provider.fields, until: redirectUrl });
    const response = await signIn(server, { state, callback: back.search.slice(1) });
    expect(response.status, response.text()).toBe(200);
    expect(response.json().principal).toMatchObject({ username: 'test-user@zitadel.ch', roles: ['user'] });
    const again = await signIn(server, { state, callback: back.search.slice(1) });
    expect(again.status).toBe(401);
  });
});
