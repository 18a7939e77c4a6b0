import { readFile, stat } from 'node:fs/promises';
import type { S3Credentials } from './signature.ts';

/** Gives the credentials of now; called for each request. */
export type CredentialsSource = () => Promise<S3Credentials>;

/** How often files are looked at, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * Credentials in two files, read again when one of them changes: what is mounted into a container is replaced there. Keeps
 * the ones before while the files cannot be read.
 */
export function fileCredentials(accessKeyFile: string, secretKeyFile: string): CredentialsSource {
  let known: { readonly state: string; readonly credentials: S3Credentials } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const load = async (): Promise<S3Credentials> => {
    const state = `${await stateOf(accessKeyFile)} ${await stateOf(secretKeyFile)}`;
    if (known?.state === state) return known.credentials;
    const credentials = { accessKey: await lineOf(accessKeyFile), secretKey: await lineOf(secretKeyFile) };
    known = { state, credentials };
    return credentials;
  };
  return async () => {
    if (known !== undefined && performance.now() - lookedAt < lookEveryMs) return known.credentials;
    lookedAt = performance.now();
    return await load().catch((error: unknown) => {
      if (known === undefined) throw error;
      return known.credentials;
    });
  };
}

/** Credentials in the variables that every S3 tool knows: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. */
export function environmentCredentials(env: Readonly<Record<string, string | undefined>>): CredentialsSource {
  const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: sessionToken } = env;
  return async () => {
    if (!accessKey || !secretKey) {
      throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; set both, or name files of the keys');
    }
    return { accessKey, secretKey, ...(sessionToken && { sessionToken }) };
  };
}

async function stateOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return [ino, size, mtimeMs].join();
}

async function lineOf(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8')).trim();
  if (text !== '' && !/\s/.test(text)) return text;
  throw new Error(`"${path}" must hold one key, on one line`);
}
