import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A server certificate, its key (PKCS #8) and the certificate of the authority that signed it, all PEM. */
export interface IssuedCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const;

const hour = 3_600_000;
const day = 24 * hour;
/** A clock that is somewhat behind must not find the certificate from the future. */
const backdating = hour;
const caLifetime = 3_650 * day;
/** The longest that Apple's clients accept of an authority that was added by hand. */
const serverLifetime = 825 * day;
/** 127 bits: RFC 5280, 4.1.2.2 wants a positive number of 20 bytes at most. */
const serialBytes = 16;

/**
 * Makes an authority, lets it sign one certificate for a server with these names and IP addresses, and forgets its key,
 * so that trusting it is trusting this server only (RFC 5280).
 */
export async function issueCertificate(hosts: readonly string[], now = new Date()): Promise<IssuedCertificate> {
  const caKeys = await crypto.subtle.generateKey(keyAlgorithm, false, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const notBefore = new Date(now.getTime() - backdating);
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    // Two authorities of one name confuse clients that look them up by it.
    name: `CN=MCR CA ${randomBytes(4).toString('hex')}`,
    keys: caKeys,
    signingAlgorithm,
    notBefore,
    notAfter: endOf(notBefore, caLifetime),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: 'CN=MCR',
    issuer: ca.subject,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm,
    notBefore,
    notAfter: endOf(notBefore, serverLifetime),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map(alternativeName)),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  return { ca: pem(ca), certificate: pem(certificate), key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}

function alternativeName(host: string) {
  return { type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host };
}

/** `notAfter` itself is still valid. */
function endOf(notBefore: Date, lifetime: number): Date {
  return new Date(notBefore.getTime() + lifetime - 1_000);
}

function randomSerial(): string {
  const bytes = randomBytes(serialBytes);
  // The first bit is the sign; the second keeps the number from starting with zeros.
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function pem(certificate: { toString(format: 'pem'): string }): string {
  return `${certificate.toString('pem')}\n`;
}
