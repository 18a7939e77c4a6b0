import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { quote } from '../errors.ts';
import { explain } from '../explain.ts';
import { StartError } from './start-error.ts';

/** The files of a certificate and its key, with the configuration keys that name them. */
export interface PairFiles {
  readonly section: 'server' | 'web';
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate, its intermediate certificates, and the private key of the first, all in PEM. */
export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly certificate: X509Certificate;
}

/** Reads a pair that a TLS server can use. Throws a StartError that names the files at fault, with a remedy. */
export function readCertificatePair({ section, certPath, keyPath }: PairFiles): CertificatePair {
  const [certName, keyName] = [`${section}.tls_cert`, `${section}.tls_key`];
  const cert = attempt(() => readCertificate(certName, certPath));
  const key = attempt(() => readPrivateKey(keyName, keyPath));
  if ('problems' in cert || 'problems' in key)
    throw new StartError([cert, key].flatMap((part) => ('problems' in part ? part.problems : [])));
  if (!cert.certificate.checkPrivateKey(key.parsed)) {
    const remedy = "name the two that were made together, the server's own certificate before the intermediate ones";
    throw wrong(keyName, `${quote(keyPath)} is not the key of the first certificate in ${quote(certPath)}; ${remedy}`);
  }
  assertUsable(certName, certPath, { cert: cert.bytes, key: key.bytes });
  return { cert: cert.bytes, key: key.bytes, certificate: cert.certificate };
}

/**
 * Why clients reject a certificate at this time: when it expired, or will become valid. `undefined` if they accept it.
 */
export function validityProblem({ validFromDate, validToDate }: X509Certificate, now = Date.now()): string | undefined {
  if (validToDate.getTime() <= now) return `expired at ${validToDate.toISOString()}, clients reject it; renew it`;
  if (validFromDate.getTime() <= now) return undefined;
  return `is not valid before ${validFromDate.toISOString()}, clients reject it; wait, or set the clock of this machine`;
}

/** Checks both files, so that both can be fixed together. */
function attempt<Result>(work: () => Result): Result | StartError {
  try {
    return work();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
}

function readCertificate(name: string, path: string): { bytes: Buffer; certificate: X509Certificate } {
  const bytes = readBytes(name, path);
  const remedy = "write the server's certificate there, followed by the intermediate ones";
  if (!bytes.includes('-----BEGIN CERTIFICATE-----')) {
    if (bytes.includes('PRIVATE KEY-----'))
      throw wrong(name, `${quote(path)} contains a private key and no certificate; ${remedy}`);
    if (bytes[0] === 0x30)
      throw wrong(name, `${quote(path)} is in DER form; run: openssl x509 -inform DER -in ${path} -out FILE`);
    throw wrong(name, `${quote(path)} contains no PEM certificate; ${remedy}`);
  }
  try {
    return { bytes, certificate: new X509Certificate(bytes) };
  } catch (cause) {
    throw wrong(name, `${quote(path)} contains an unreadable certificate (${reasonOf(cause)}); ${remedy}`);
  }
}

function readPrivateKey(name: string, path: string): { bytes: Buffer; parsed: KeyObject } {
  const bytes = readBytes(name, path);
  try {
    return { bytes, parsed: createPrivateKey(bytes) };
  } catch {
    if (bytes.includes('ENCRYPTED')) {
      const remedy = `run: openssl pkey -in ${path} -out FILE`;
      throw wrong(name, `${quote(path)} is encrypted, but the server cannot prompt for a passphrase; ${remedy}`);
    }
    if (bytes[0] === 0x30)
      throw wrong(name, `${quote(path)} is in DER form; run: openssl pkey -inform DER -in ${path} -out FILE`);
    throw wrong(name, `${quote(path)} contains no PEM private key; write the key of the certificate there`);
  }
}

/** OpenSSL checks the rest: the other certificates of the chain, and whether keys and signatures are strong enough. */
function assertUsable(name: string, path: string, pair: { readonly cert: Buffer; readonly key: Buffer }): void {
  try {
    createSecureContext({ ...pair, minVersion: 'TLSv1.3' });
  } catch (cause) {
    throw wrong(name, `${quote(path)} cannot be used (${reasonOf(cause)}); create a new certificate and key`);
  }
}

function readBytes(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw wrong(name, `cannot read ${quote(path)}: ${explain(error)}; use a file that this user can read`);
  }
}

function reasonOf(error: unknown): string {
  const { reason, message } = error as Error & { readonly reason?: string };
  return reason ?? message;
}

function wrong(key: string, message: string): StartError {
  return new StartError([{ key, message }]);
}
