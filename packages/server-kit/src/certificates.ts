import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { type PairFiles, readCertificatePair } from '@mcr/config';
import type { Logger } from 'pino';

/** How often the files are looked at; a renewed certificate need not be in use sooner. */
const pollMs = 2_000;

/** All suites of TLS 1.3, the one that costs least for a layer first; RFC 8446 section 9.1 demands it of everybody. */
const ciphers = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

/** Something whose certificate can be exchanged while it runs, such as a TLS server. */
export interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

/** Where it is told what became of the files. */
export type CertificateLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * A certificate and its key as files. Servers that are attached follow changes of the files and SIGHUP; a pair that
 * cannot be read or does not fit together is logged, and the old one stays in use.
 */
export class Certificates {
  readonly #files: PairFiles;
  readonly #log: CertificateLog;
  readonly #servers = new Set<SecureServer>();
  readonly #reload = () => this.reload();
  #current: SecureContextOptions;

  /** Reads the pair; throws a StartError when it cannot be used. */
  constructor(files: PairFiles, log: CertificateLog) {
    this.#files = files;
    this.#log = log;
    this.#current = this.#read();
    this.#warnUnlessValid();
    for (const path of [files.certPath, files.keyPath])
      watchFile(path, { interval: pollMs, persistent: false }, this.#reload);
    process.on('SIGHUP', this.#reload);
  }

  /** Options for a new server. TLS 1.3 stands in every set of options: an exchange without it would allow 1.2. */
  get options(): SecureContextOptions {
    return this.#current;
  }

  /** When the certificate ends, milliseconds since the epoch. */
  get notAfter(): number {
    return new X509Certificate(this.#current.cert as Buffer).validToDate.getTime();
  }

  attach(server: SecureServer): void {
    this.#servers.add(server);
  }

  /** Reads the files again and hands them to the attached servers. */
  reload(): void {
    try {
      const next = this.#read();
      for (const server of this.#servers) server.setSecureContext(next);
      this.#current = next;
      this.#log.info({ certificate: this.#files.certPath, notAfter: new Date(this.notAfter) }, 'certificate reloaded');
      this.#warnUnlessValid();
    } catch (error) {
      this.#log.error(
        { err: error, certificate: this.#files.certPath },
        'certificate not reloaded, the old one stays in use',
      );
    }
  }

  close(): void {
    for (const path of [this.#files.certPath, this.#files.keyPath]) unwatchFile(path, this.#reload);
    process.off('SIGHUP', this.#reload);
    this.#servers.clear();
  }

  #warnUnlessValid(): void {
    const { validFromDate: notBefore, validToDate: notAfter } = new X509Certificate(this.#current.cert as Buffer);
    const certificate = this.#files.certPath;
    const now = Date.now();
    if (notAfter.getTime() <= now)
      this.#log.warn({ certificate, notAfter }, 'certificate has expired, clients refuse it; renew it');
    else if (notBefore.getTime() > now)
      this.#log.warn(
        { certificate, notBefore },
        'certificate is not valid yet, clients reject it; is the clock right?',
      );
  }

  #read(): SecureContextOptions {
    const { cert, key } = readCertificatePair(this.#files);
    return { cert, key, minVersion: 'TLSv1.3', ciphers };
  }
}
