import { createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject, randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Far above any Ed25519 key in PEM, which is 119 bytes. */
const maxKeyFileBytes = 4096;

/**
 * Loads the Ed25519 key that signs tokens, PKCS #8 in PEM, from a file of mode 0600. Creates a missing file atomically;
 * several processes that create it concurrently all get the same key. Throws an `Error` with a remedy if others may
 * read the file or if it contains something else.
 */
export async function loadOrCreateSigningKey(path: string): Promise<KeyObject> {
  return (await loadSigningKey(path)) ?? (await create(path));
}

/** The same for an existing file; undefined if there is none. */
export async function loadSigningKey(path: string): Promise<KeyObject | undefined> {
  return await load(path, 0o077);
}

/**
 * Loads a key that the operator has provided, such as a mounted secret, whose mode is not checked here. Throws an `Error`
 * with a remedy if there is none: a new one would not be that of other processes.
 */
export async function loadProvidedSigningKey(path: string): Promise<KeyObject> {
  const key = await load(path, 0);
  if (key !== undefined) return key;
  throw new Error(`The signing key ${path} does not exist; run: openssl genpkey -algorithm ed25519 -out ${path}`);
}

async function load(path: string, forbiddenMode: number): Promise<KeyObject | undefined> {
  const file = await open(path, 'r').catch(unlessMissing);
  if (file === undefined) return undefined;
  try {
    const { mode, size } = await file.stat();
    if ((mode & forbiddenMode) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new Error(
        `The signing key ${path} has mode ${octal}, so other users can access it; run: chmod 600 ${path}`,
      );
    }
    return parse(path, size > maxKeyFileBytes ? '' : await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

/**
 * A secret of 32 bytes for another purpose than signing, the same in all processes that have the key; it reveals nothing
 * about the key (HKDF, RFC 5869).
 */
export function deriveSecret(signingKey: KeyObject, purpose: string): Uint8Array {
  const der = signingKey.export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(hkdfSync('sha256', der, '', `mcr ${purpose}`, 32));
}

function parse(path: string, pem: string): KeyObject {
  const advice = 'restore it from a backup, or replace it by a new one, which ends all sessions';
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error(`The signing key ${path} contains no PEM private key; ${advice}`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`The signing key ${path} is of type ${key.asymmetricKeyType}, not ed25519; ${advice}`);
}

/** Linking fails if the name exists, so the first of several writers wins, and the file is never seen half-written. */
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
  if (key === undefined) throw new Error(`The signing key ${path} disappeared while it was being created; start again`);
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
