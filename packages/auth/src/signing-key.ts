import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Far above any Ed25519 key in PEM, 119 bytes. */
const maxKeyFileBytes = 4096;

/**
 * The Ed25519 key that signs tokens, PKCS #8 in PEM, from a file of mode 0600. A missing file is created, whole or not at
 * all; of several processes that create it at once all get the same key. Throws an `Error` that says what to do when
 * others may read the file or when it holds something else.
 */
export async function loadOrCreateSigningKey(path: string): Promise<KeyObject> {
  return (await loadSigningKey(path)) ?? (await create(path));
}

/** The same for a key that is there; undefined where there is none yet. */
export async function loadSigningKey(path: string): Promise<KeyObject | undefined> {
  const file = await open(path, 'r').catch(unlessMissing);
  if (file === undefined) return undefined;
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new Error(`The signing key ${path} has mode ${octal} and others may read it; run: chmod 600 ${path}`);
    }
    return parse(path, size > maxKeyFileBytes ? '' : await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

function parse(path: string, pem: string): KeyObject {
  const advice = 'restore it from a backup, or remove it to have a new one made, which ends all sessions';
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error(`The signing key ${path} holds no private key in PEM form; ${advice}`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`The signing key ${path} is of type ${key.asymmetricKeyType}, not ed25519; ${advice}`);
}

/** Linking fails when the name is taken, so that the first of several writers wins; the file is never seen half-written. */
async function create(path: string): Promise<KeyObject> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeDurably(temporary, newKey());
    await link(temporary, path).catch(unlessTaken);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  const key = await loadSigningKey(path);
  if (key === undefined) throw new Error(`The signing key ${path} vanished while it was created; start again`);
  return key;
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function unlessTaken(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
