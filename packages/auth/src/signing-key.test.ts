import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deriveSecret, loadOrCreateSigningKey, loadProvidedSigningKey } from './signing-key.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcr-key-'));
  path = join(directory, 'signing.key');
});

afterEach(() => rm(directory, { recursive: true }));

test('a missing key is created, readable only by its owner, and loaded afterwards', async () => {
  const made = await loadOrCreateSigningKey(path);
  expect(made.asymmetricKeyType).toBe('ed25519');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await loadOrCreateSigningKey(path)).equals(made)).toBe(true);
  expect(await readdir(directory)).toEqual(['signing.key']);
});

test('concurrent creators of the key get the same one', async () => {
  const loading: ReturnType<typeof loadOrCreateSigningKey>[] = [];
  for (let n = 0; n < 20; n += 1) {
    loading.push(loadOrCreateSigningKey(path));
    await setImmediate();
  }
  const [first, ...others] = await Promise.all(loading);
  expect(others.every((key) => first?.equals(key))).toBe(true);
  expect(await readdir(directory)).toEqual(['signing.key']);
});

test.each([0o644, 0o640, 0o604, 0o620])('a key of mode %o is rejected with the command that fixes it', async (mode) => {
  await loadOrCreateSigningKey(path);
  await chmod(path, mode);
  await expect(loadOrCreateSigningKey(path)).rejects.toThrow(`run: chmod 600 ${path}`);
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' } });

test.each([
  ['nothing', '', 'contains no PEM private key'],
  ['garbage', 'garbage', 'contains no PEM private key'],
  ['a public key', ed25519.publicKey, 'contains no PEM private key'],
  ['far too much', 'x'.repeat(100_000), 'contains no PEM private key'],
  ['an RSA key', rsa.privateKey, 'is of type rsa, not ed25519'],
])('a file that contains %s is rejected and not changed', async (_what, content, message) => {
  await writeFile(path, content, { mode: 0o600 });
  await expect(loadOrCreateSigningKey(path)).rejects.toThrow(message);
  expect(await readFile(path, 'utf8')).toBe(content);
});

test('a directory that does not exist is an error', async () => {
  await expect(loadOrCreateSigningKey(join(directory, 'no', 'signing.key'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a key of the operator may be one that a group reads, and is never created', async () => {
  await expect(loadProvidedSigningKey(path)).rejects.toThrow(
    `does not exist; run: openssl genpkey -algorithm ed25519 -out ${path}`,
  );
  const made = await loadOrCreateSigningKey(path);
  await chmod(path, 0o440);
  expect((await loadProvidedSigningKey(path)).equals(made)).toBe(true);
});

test('secrets are derived that are the same for the same key and purpose alone', async () => {
  const [key, other] = [await loadOrCreateSigningKey(path), await loadOrCreateSigningKey(`${path}.other`)];
  const again = await loadOrCreateSigningKey(path);
  const secrets = [deriveSecret(key, 'a'), deriveSecret(key, 'b'), deriveSecret(other, 'a')];
  expect(deriveSecret(again, 'a')).toEqual(secrets[0]);
  expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(3);
  expect(secrets[0]).toHaveLength(32);
});
