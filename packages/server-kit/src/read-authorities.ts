import { explainFileError, StartError } from '@mcr/config';
import { readAuthorityFile } from './authorities.ts';

/** Reads the PEM file of authorities in the configuration key `key`. Throws a StartError with a remedy if it cannot. */
export function readAuthorities(key: string, path: string): string {
  try {
    return readAuthorityFile(path);
  } catch (error) {
    throw new StartError([{ key, message: problemOf(path, error as NodeJS.ErrnoException) }], { cause: error });
  }
}

function problemOf(path: string, error: NodeJS.ErrnoException): string {
  if (error.code !== undefined)
    return `cannot read "${path}": ${explainFileError(error)}; use a file that this user can read`;
  return `"${path}" contains no PEM certificate; name the file of the authority, such as tls/ca.crt`;
}
