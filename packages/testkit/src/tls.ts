import 'reflect-metadata';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** What the certificate of one test server is to say. */
export interface IssueOptions {
  /** DNS names and IP addresses; `localhost` and `127.0.0.1` when absent. */
  readonly hosts?: readonly string[];
  /** End of validity, a day from now when absent. A date in the past makes an expired certificate. */
  readonly notAfter?: Date;
}

/** A certificate and its private key (PKCS #8), both PEM. */
export interface IssuedCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A certificate authority that lives as long as one test. */
export interface TestCa {
  /** The root certificate, PEM: what clients are given to trust. */
  readonly caPem: string;
  /** Issues a server certificate signed by this authority. */
  issue(options?: IssueOptions): Promise<IssuedCertificate>;
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

const newKeys = () => crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);

/** Makes a certificate authority with extensions that OpenSSL, curl and Go's crypto/x509 accept (RFC 5280, 4.2.1). */
export async function createTestCa(): Promise<TestCa> {
  const keys = await newKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=MCR test CA',
    keys,
    signingAlgorithm,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 2 * dayMs),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    caPem: ca.toString('pem'),
    async issue({ hosts = ['localhost', '127.0.0.1'], notAfter = new Date(Date.now() + dayMs) } = {}) {
      const own = await newKeys();
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${hosts[0] ?? 'localhost'}`,
        issuer: ca.subject,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        signingAlgorithm,
        notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - dayMs),
        notAfter,
        extensions: await serverExtensions(hosts, own.publicKey, keys.publicKey),
      });
      return { certPem: certificate.toString('pem'), keyPem: await privateKeyPem(own.privateKey) };
    },
  };
}

async function serverExtensions(hosts: readonly string[], own: CryptoKey, issuer: CryptoKey): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      hosts.map((host) => ({ type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host })),
    ),
    await SubjectKeyIdentifierExtension.create(own),
    await AuthorityKeyIdentifierExtension.create(issuer),
  ];
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
