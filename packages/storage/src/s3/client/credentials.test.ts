import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { environmentCredentials, fileCredentials } from './credentials.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcr-credentials-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('files are read again when they change, and what was read stays while they cannot be', async () => {
  const [access, secret] = [join(directory, 'access'), join(directory, 'secret')];
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const source = fileCredentials(access, secret);
  await expect(source()).rejects.toThrow(/ENOENT/);
  await writeFile(access, 'a\n');
  await writeFile(secret, 'first\n');
  expect(await source()).toEqual({ accessKey: 'a', secretKey: 'first' });
  await writeFile(secret, 'the second\none');
  expect(await source()).toEqual({ accessKey: 'a', secretKey: 'first' });
  clock.mockReturnValue(2_000);
  expect(await source()).toEqual({ accessKey: 'a', secretKey: 'first' });
  await writeFile(secret, 'third-key');
  clock.mockReturnValue(4_000);
  expect(await source()).toEqual({ accessKey: 'a', secretKey: 'third-key' });
  clock.mockRestore();
});

test('the environment needs both keys', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
  expect(await environmentCredentials(keys)()).toEqual({ accessKey: 'a', secretKey: 's' });
  expect(await environmentCredentials({ ...keys, AWS_SESSION_TOKEN: 't' })()).toMatchObject({ sessionToken: 't' });
  await expect(environmentCredentials({ AWS_ACCESS_KEY_ID: 'a' })()).rejects.toThrow(/set both/);
});
