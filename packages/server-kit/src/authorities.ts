import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';

/**
 * Reads a PEM file of certificate authorities. Throws file system errors as they are, and an Error without a `code` if
 * the file contains no certificate: Node would ignore such a file, and every TLS connection would then fail with an
 * error about the peer.
 */
export function readAuthorityFile(path: string): string {
  const pem = readFileSync(path, 'utf8');
  try {
    void new X509Certificate(pem);
  } catch (cause) {
    throw new Error('it contains no PEM certificate', { cause });
  }
  return pem;
}

/** PEM certificates to trust: only those given, or Node's and the system's if none are. */
export function trustedAuthorities(pem?: string): string[] {
  return pem === undefined ? [...new Set([...getCACertificates('default'), ...getCACertificates('system')])] : [pem];
}
