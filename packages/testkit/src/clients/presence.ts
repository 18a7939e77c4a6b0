import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The real clients that there are drivers for. */
export type ClientName = 'podman' | 'skopeo' | 'buildah' | 'docker' | 'ctr' | 'helm';

const executables: Readonly<Record<ClientName, readonly string[]>> = {
  podman: ['podman'],
  skopeo: ['skopeo'],
  buildah: ['buildah'],
  docker: ['docker', 'dockerd', 'containerd', 'runc'],
  ctr: ['ctr', 'containerd'],
  helm: ['helm'],
};

/** Whether everything that the client needs is installed, and may run here: the daemons among them need root. */
export function isPresent(client: ClientName): boolean {
  const needsRoot = client === 'docker' || client === 'ctr';
  return executables[client].every(isInstalled) && (!needsRoot || process.getuid?.() === 0);
}

/**
 * Whether tests of a client can run: `describe.skipIf(!requireClient('podman'))`. Throws under CI=true when it is
 * missing, since a test that silently does not run there proves nothing.
 */
export function requireClient(client: ClientName): boolean {
  if (isPresent(client)) return true;
  if (process.env['CI'] === 'true') {
    throw new Error(`Install ${executables[client].join(', ')}, and run the tests as root, to test with ${client}`);
  }
  return false;
}

function isInstalled(executable: string): boolean {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return directories.some((directory) => {
    try {
      accessSync(join(directory, executable), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
