import type { KeyObject } from 'node:crypto';
import { loadOrCreateSigningKey, loadProvidedSigningKey, loadSigningKey } from '@mcr/auth';
import type { Config, ConfigProblem } from '@mcr/config';
import { besideDatabase } from './beside-database.ts';
import { opening } from './start/opening.ts';

/** The key that all processes of the registry share. The one beside the database is created by the first that starts. */
export async function openSigningKey(config: Config): Promise<KeyObject> {
  const { key, path, isProvided } = placeOf(config);
  return await opening(key, path, () => (isProvided ? loadProvidedSigningKey(path) : loadOrCreateSigningKey(path)));
}

/** The file of the key. */
export function signingKeyPath(config: Config): string {
  return placeOf(config).path;
}

/** What is wrong with the key, if a start would find anything; changes nothing. */
export async function signingKeyProblems(config: Config): Promise<readonly ConfigProblem[]> {
  const { key, path, isProvided } = placeOf(config);
  try {
    await (isProvided ? loadProvidedSigningKey(path) : loadSigningKey(path));
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The directory was looked at already, and says the same of all that is in it.
    if (!isProvided && (code === 'ENOENT' || code === 'ENOTDIR')) return [];
    const remedy = 'give it to the user that the registry runs as';
    return [
      { key, message: code === undefined ? message : `The signing key ${path} cannot be read (${code}); ${remedy}` },
    ];
  }
}

function placeOf(config: Pick<Config, 'auth' | 'database' | 'storage'>) {
  const { signingKeyFile } = config.auth;
  if (signingKeyFile !== undefined) return { key: 'auth.signing_key_file', path: signingKeyFile, isProvided: true };
  return { key: 'database.path', path: besideDatabase(config, 'signing-key.pem'), isProvided: false };
}
