import type { WebSection } from '@mcr/config';
import { type CertificateLog, Certificates } from '@mcr/server-kit';

/** Opens the certificate pair of `[web]`, if there is one; throws a StartError if it is invalid. */
export function openCertificates(
  { tlsCert: certPath, tlsKey: keyPath }: WebSection,
  log: CertificateLog,
): Certificates | undefined {
  if (certPath === undefined || keyPath === undefined) return undefined;
  return new Certificates({ section: 'web', certPath, keyPath }, log);
}
