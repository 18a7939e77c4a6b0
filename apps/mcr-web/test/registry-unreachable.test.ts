import { createTestCa, freePort } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { startRegistry, tokenOf } from './_util/registry.ts';
import { visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

/** A user who signed in while the registry was reachable. */
function signedIn(web: Web, roles: readonly string[] = []) {
  const grace = visit(web);
  const session = JSON.stringify({ token: tokenOf('grace'), username: 'grace', roles, seen: Date.now() });
  grace.cookies.set('__Host-mcr-session', Buffer.from(session).toString('base64url'));
  return grace;
}

test('a page that needs an unreachable registry says so, and recovers with it', async () => {
  const ca = await createTestCa();
  const grpcPort = await freePort();
  await using web = await startWeb({ ca, grpcPort });

  const { status, headers, body } = await signedIn(web).get('/');
  expect(status).toBe(503);
  expect(headers['retry-after']).toBe('5');
  expect(body).toContain('<h1>The registry does not respond</h1>');
  expect(body).toContain(`at request <code>${String(headers['x-request-id'])}</code>`);
  expect(web.logged).toContainEqual(
    expect.objectContaining({ msg: 'registry did not respond', requestId: headers['x-request-id'] }),
  );

  await using _registry = await startRegistry(await ca.issue(), () => ({}), grpcPort);
  expect(await signedIn(web).get('/')).toMatchObject({ status: 200 });
});

test('a form without a response may have been processed: it is not submitted again, and the previous page is offered', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  const admin = signedIn(web, ['admin']);
  await admin.get('/nope');
  const referer = `${web.url}/storage?from=here`;
  const { status, body } = await admin.post('/storage/collect', {}, { referer });
  expect(status).toBe(503);
  expect(body).toContain('may or may not have been made');
  expect(body).toContain('href="/storage?from=here">');
  expect(body).toContain('name="next" value="/storage?from=here"');
  expect(body).not.toContain('data-retry');
  expect(body).not.toContain('http-equiv="refresh"');
  const lost = await admin.post('/storage/collect', {}, { referer: 'https://evil.example//x' });
  expect(lost.body).toContain('href="/">Open the page again');
});

test('pages that need no registry work without it', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  expect(await signedIn(web).get('/nope')).toMatchObject({ status: 404 });
});

test('a registry that stops is noticed, and so is its return', async () => {
  const ca = await createTestCa();
  const first = await startRegistry(await ca.issue(), () => ({}));
  await using web = await startWeb({ ca, grpcPort: first.port });
  expect(await signedIn(web).get('/')).toMatchObject({ status: 200 });
  await first[Symbol.asyncDispose]();
  expect(await signedIn(web).get('/')).toMatchObject({ status: 503 });
  await using _second = await startRegistry(await ca.issue(), () => ({}), first.port);
  expect(await signedIn(web).get('/')).toMatchObject({ status: 200 });
});

test('a registry with a certificate of another authority is not trusted', async () => {
  await using registry = await startRegistry(await (await createTestCa()).issue(), () => ({}));
  await using web = await startWeb({ grpcPort: registry.port });
  expect(await signedIn(web).get('/')).toMatchObject({ status: 503 });
});
