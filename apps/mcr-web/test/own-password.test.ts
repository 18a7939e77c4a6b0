import { expect, test } from 'vitest';
import { rightPassword } from './_util/registry.ts';
import { startStage } from './_util/stage.ts';

const next = 'another password';

test('a user changes their own password, and stays signed in', async () => {
  await using stage = await startStage();
  expect((await stage.grace.get('/me')).body).toContain('action="/me/password"');
  const fields = { current: rightPassword, password: next, repeated: next };
  expect(await stage.grace.post('/me/password', fields)).toMatchObject({ status: 303, headers: { location: '/me' } });
  const { status, body } = await stage.grace.get('/me');
  expect(status).toBe(200);
  expect(body).toContain('Changed your password.');
});

test.each([
  [{ current: 'wrong', password: next, repeated: next }, 'The current password is wrong.'],
  [{ current: rightPassword, password: 'short', repeated: 'short' }, 'The password is too short.'],
  [{ current: rightPassword, password: next, repeated: 'something else' }, 'The new passwords do not match.'],
])('what is not accepted of %j is said beside the form, which keeps no password', async (fields, words) => {
  await using stage = await startStage();
  const { status, body } = await stage.grace.post('/me/password', fields);
  expect(status).toBe(422);
  expect(body).toContain(`role="alert">${words}<`);
  for (const secret of Object.values(fields)) expect(body).not.toContain(`value="${secret}"`);
});

test('if MCIAS manages the passwords the page says so, and has no form', async () => {
  await using stage = await startStage({ isLocal: false });
  const { body } = await stage.grace.get('/me');
  expect(body).toContain('change it at the identity provider where you sign in');
  expect(body).not.toContain('action="/me/password"');
});
