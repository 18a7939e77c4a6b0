import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { issueCertificate } from './certificate-authority.ts';
import { certificateHosts } from './hosts.ts';

/** Where the certificates are, as absolute paths. */
export interface CertificatePaths {
  /** The authority that clients are told to trust. */
  readonly caPath: string;
  readonly certPath: string;
  readonly keyPath: string;
}

/** What to make. */
export interface CertificateOptions {
  /** The directory to make; it must not exist, or be empty. Its parent must exist. */
  readonly directory: string;
  /** Names and IP addresses beside `localhost`, `127.0.0.1` and `::1`. */
  readonly hosts: readonly string[];
}

/** The names that the files have in a directory. */
export function certificatePaths(directory: string): CertificatePaths {
  const root = resolve(directory);
  return { caPath: join(root, 'ca.crt'), certPath: join(root, 'server.crt'), keyPath: join(root, 'server.key') };
}

/**
 * Makes a directory with `ca.crt`, `server.crt` and `server.key` for an HTTPS server. It appears complete or not at all.
 * @throws Error if a host is invalid, or with code `ENOTEMPTY` or `EEXIST` if the directory is in use
 */
export async function createCertificates({ directory, hosts }: CertificateOptions): Promise<CertificatePaths> {
  const { ca, certificate, key } = await issueCertificate(certificateHosts(hosts));
  const target = resolve(directory);
  const draft = await mkdtemp(join(dirname(target), '.tls-'));
  try {
    const paths = certificatePaths(draft);
    await writeFile(paths.keyPath, key, { mode: 0o600 });
    await writeFile(paths.certPath, certificate);
    await writeFile(paths.caPath, ca);
    await Promise.all([chmod(paths.certPath, 0o644), chmod(paths.caPath, 0o644), chmod(draft, 0o755)]);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return certificatePaths(target);
}
