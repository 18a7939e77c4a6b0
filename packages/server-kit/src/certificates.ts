import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import type { SecureContextOptions, Server } from 'node:tls';
import { type PairFiles, readCertificatePair } from '@mcr/config';
import type { Logger } from 'pino';
import type { SessionTickets } from './session-tickets.ts';

/** How often the files are checked for changes; a renewed certificate need not be used sooner. */
const pollMs = 2_000;

/** All TLS 1.3 suites, the cheapest for a layer first; RFC 8446 section 9.1 makes support mandatory. */
const ciphers = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

/** By default it is a hash of the command line, and a session is only resumed where it is the same. */
const sessionIdContext = 'mcr';

/** Something whose certificate can be replaced while it runs, such as a TLS server. */
export type SecureServer = Pick<Server, 'setSecureContext' | 'setTicketKeys'>;

/** Where reloads and failures are reported. */
export type CertificateLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * A certificate and its key in files. Attached servers follow changes of the files and SIGHUP; a pair that cannot be
 * read or does not match is logged, and the previous one stays in use.
 */
export class Certificates {
  readonly #files: PairFiles;
  readonly #log: CertificateLog;
  readonly #servers = new Set<SecureServer>();
  readonly #reload = () => this.reload();
  readonly #tickets: SessionTickets | undefined;
  #current: SecureContextOptions;

  /** Reads the pair; throws a StartError if it is unusable. Without `tickets` each server makes keys of its own. */
  constructor(files: PairFiles, log: CertificateLog, tickets?: SessionTickets) {
    this.#files = files;
    this.#log = log;
    this.#tickets = tickets;
    this.#current = this.#read();
    this.#warnUnlessValid();
    for (const path of [files.certPath, files.keyPath])
      watchFile(path, { interval: pollMs, persistent: false }, this.#reload);
    process.on('SIGHUP', this.#reload);
  }

  /**
   * Options for a new server. Every set of options must state TLS 1.3: replacing the context without it would allow
   * 1.2.
   */
  get options(): SecureContextOptions {
    return this.#current;
  }

  /** Expiry of the certificate, milliseconds since the epoch. */
  get notAfter(): number {
    return new X509Certificate(this.#current.cert as Buffer).validToDate.getTime();
  }

  attach(server: SecureServer): void {
    this.#servers.add(server);
    this.#tickets?.attach(server);
  }

  /** Reads the files again and passes the pair to the attached servers. */
  reload(): void {
    try {
      const next = this.#read();
      for (const server of this.#servers) {
        server.setSecureContext(next);
        this.#tickets?.attach(server);
      }
      this.#current = next;
      this.#log.info({ certificate: this.#files.certPath, notAfter: new Date(this.notAfter) }, 'certificate reloaded');
      this.#warnUnlessValid();
    } catch (error) {
      this.#log.error(
        { err: error, certificate: this.#files.certPath },
        'certificate not reloaded, the previous one stays in use',
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
      this.#log.warn({ certificate, notAfter }, 'certificate has expired, clients reject it; renew it');
    else if (notBefore.getTime() > now)
      this.#log.warn({ certificate, notBefore }, 'certificate is not valid yet, clients reject it; check the clock');
  }

  #read(): SecureContextOptions {
    const { cert, key } = readCertificatePair(this.#files);
    return { cert, key, minVersion: 'TLSv1.3', ciphers, sessionIdContext };
  }
}
