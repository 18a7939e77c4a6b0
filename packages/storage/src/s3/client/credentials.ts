import { readFile, stat } from 'node:fs/promises';
import type { defaultProvider } from '@aws-sdk/credential-provider-node';
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

/**
 * Credentials of the AWS SDK's provider chain: the environment, the shared files of `AWS_PROFILE`, and the roles of containers, pods and
 * machines. The SDK is loaded with the first call. Renews them before they expire; keeps those before until then while it cannot.
 */
export function chainCredentials(region: string): CredentialsSource {
  type Chain = ReturnType<typeof defaultProvider>;
  let chain: Promise<Chain> | undefined;
  let known: Awaited<ReturnType<Chain>> | undefined;
  const load = async (): Promise<Chain> => {
    const sdk = await import('@aws-sdk/credential-provider-node');
    return sdk.defaultProvider({ clientConfig: { region } });
  };
  return async () => {
    chain ??= load();
    const provider = await chain;
    known = await provider().catch((error: unknown) => {
      if (known?.expiration !== undefined && known.expiration.getTime() > Date.now()) return known;
      throw error;
    });
    const { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken } = known;
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
