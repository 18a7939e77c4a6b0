import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { usageError } from '../cli/errors.ts';

/** PEM certificates to trust: the one in `--ca-cert` and no other, else Node's and those of the system. */
export function trustedAuthorities(caFile: string | undefined): string[] {
  if (caFile === undefined) return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return [readCertificate(caFile)];
}

function readCertificate(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    // Node ignores what is no certificate and would blame the server for it.
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = reasons[code ?? ''] ?? 'it holds no PEM certificate';
    throw usageError(
      `--ca-cert cannot be "${file}": ${problem}`,
      'name the PEM file of the authority, such as srv/tls/ca.crt',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a directory',
};
