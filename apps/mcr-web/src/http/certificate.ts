import { unwatchFile, watchFile } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { readCertificatePair, type WebSection } from '@mcr/config';
import type { Logger } from 'pino';

/** How often the files are looked at; a renewed certificate need not be in use sooner. */
const pollMs = 5_000;

interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

/** The UI's own certificate. The attached server follows changes of the files, and SIGHUP. */
export interface Certificate extends Disposable {
  readonly options: SecureContextOptions;
  attach(server: SecureServer): void;
}

/**
 * Opens the pair that `[web]` names, if it names one; throws a StartError when it is no pair. One that cannot be used
 * later is logged, and not used.
 */
export function openCertificate({ tlsCert, tlsKey }: WebSection, log: Logger): Certificate | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const options = readPair(tlsCert, tlsKey);
  let server: SecureServer | undefined;
  const reload = () => {
    try {
      server?.setSecureContext(readPair(tlsCert, tlsKey));
      log.info({ certificate: tlsCert }, 'certificate reloaded');
    } catch (error) {
      log.error({ err: error, certificate: tlsCert }, 'certificate not reloaded, the old one stays in use');
    }
  };
  const files = [tlsCert, tlsKey];
  for (const file of files) watchFile(file, { interval: pollMs, persistent: false }, reload);
  process.on('SIGHUP', reload);
  return {
    options,
    attach: (attached) => {
      server = attached;
    },
    [Symbol.dispose]() {
      for (const file of files) unwatchFile(file, reload);
      process.off('SIGHUP', reload);
    },
  };
}

function readPair(certPath: string, keyPath: string): SecureContextOptions {
  const { cert, key } = readCertificatePair({ section: 'web', certPath, keyPath });
  // An exchange of options that leaves TLS 1.3 out would allow 1.2.
  return { cert, key, minVersion: 'TLSv1.3' };
}
