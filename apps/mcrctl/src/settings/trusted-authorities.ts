import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { usageError } from '../cli/errors.ts';
import type { Setting } from './settings.ts';

/** PEM certificates to trust: the one that is named and no other, else Node's and those of the system. */
export function trustedAuthorities({ value: file, from }: Setting): string[] {
  if (file === undefined) return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return [readCertificate(file, from)];
}

function readCertificate(file: string, from: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    // Node ignores what is no certificate and would blame the server for it.
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = reasons[code ?? ''] ?? 'it holds no PEM certificate';
    throw usageError(
      `${from === '--ca-cert' ? from : `the CA in ${from}`} cannot be "${file}": ${problem}`,
      'name the PEM file of the authority with --ca-cert, such as srv/tls/ca.crt',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a directory',
};
