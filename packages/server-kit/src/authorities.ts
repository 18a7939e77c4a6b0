import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';

/**
 * Reads a file of authorities, PEM. Throws what the file system does, or an Error without a `code` when it holds no
 * certificate: Node would ignore that, and every connection would blame its peer.
 */
export function readAuthorityFile(path: string): string {
  const pem = readFileSync(path, 'utf8');
  try {
    void new X509Certificate(pem);
  } catch (cause) {
    throw new Error('it holds no PEM certificate', { cause });
  }
  return pem;
}

/** PEM certificates to trust: those given and no other, else Node's and those of the system. */
export function trustedAuthorities(pem?: string): string[] {
  return pem === undefined ? [...new Set([...getCACertificates('default'), ...getCACertificates('system')])] : [pem];
}
