import { readAuthorityFile, trustedAuthorities } from '@mcr/server-kit/authorities';
import { usageError } from '../cli/errors.ts';
import type { Setting } from './settings.ts';

/** PEM certificates to trust: the one that the setting names and no other, else Node's and those of the system. */
export function authoritiesOf({ value: file, from }: Setting): string[] {
  return trustedAuthorities(file === undefined ? undefined : readCertificate(file, from));
}

function readCertificate(file: string, from: string): string {
  try {
    return readAuthorityFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw usageError(
      `${from === '--ca-cert' ? from : `the CA in ${from}`} cannot be "${file}": ${reasons[code] ?? message}`,
      'name the PEM file of the authority with --ca-cert, such as srv/tls/ca.crt',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a directory',
};
