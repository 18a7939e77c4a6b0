import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Directories of a real client, and the CA that it trusts. */
export interface ClientOptions {
  /** An existing directory that is the client's alone: storage, configuration, credentials, sockets. */
  readonly directory: string;
  /** PEM file of the only certificate authority that the client trusts. */
  readonly caPath: string;
}

/** Debian keeps dockerd and runc where ordinary users do not look. */
const searchPath = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

/**
 * The environment of an isolated client. All of them are Go programs, which take their roots from SSL_CERT_FILE and
 * SSL_CERT_DIR instead of the system's when these are set; certificates are always verified.
 */
export function clientEnvironment({ directory, caPath }: ClientOptions): Record<string, string> {
  const made = (name: string): string => {
    const path = join(directory, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    PATH: searchPath,
    HOME: made('home'),
    TMPDIR: made('tmp'),
    XDG_RUNTIME_DIR: made('run'),
    XDG_CONFIG_HOME: made('config'),
    XDG_DATA_HOME: made('data'),
    // As root podman, buildah and skopeo would share a memory of which registry has which blob in /var/lib/containers.
    _CONTAINERS_ROOTLESS_UID: '1',
    SSL_CERT_FILE: caPath,
    SSL_CERT_DIR: made('no-other-roots'),
    NO_PROXY: '*',
  };
}
