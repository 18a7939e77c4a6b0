import type { WebSection } from '@mcr/config';
import { type CertificateLog, Certificates } from '@mcr/server-kit';

/** Opens the pair that `[web]` names, if it names one; throws a StartError when it is no pair. */
export function openCertificates(
  { tlsCert: certPath, tlsKey: keyPath }: WebSection,
  log: CertificateLog,
): Certificates | undefined {
  if (certPath === undefined || keyPath === undefined) return undefined;
  return new Certificates({ section: 'web', certPath, keyPath }, log);
}
