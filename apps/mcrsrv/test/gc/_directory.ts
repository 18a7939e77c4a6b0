import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, loadConfig } from '@mcr/config';
import { createTestCa, tempDirectory } from '@mcr/testkit';

/** Everything that a registry keeps on disk; it outlives the registries that are opened on it. */
export interface RegistryDirectory extends AsyncDisposable {
  readonly path: string;
  readonly config: Config;
  /** PEM of the CA to trust. */
  readonly ca: string;
}

/** Makes an empty directory for a registry; `env` has further configuration as `MCR_*`. */
export async function registryDirectory(env: Record<string, string> = {}): Promise<RegistryDirectory> {
  const { path, [Symbol.asyncDispose]: dispose } = await tempDirectory();
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  await mkdir(join(path, 'tls'));
  await writeFile(join(path, 'tls', 'server.crt'), certPem);
  await writeFile(join(path, 'tls', 'server.key'), keyPem, { mode: 0o600 });
  const file = join(path, 'mcr.toml');
  await writeFile(
    file,
    `[server]
listen_addr = "127.0.0.1:0"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"

[database]
path = "mcr.db"

[storage]
layers_path = "layers"
uploads_path = "uploads"

[auth]
provider = "local"

[gc]
interval = "0"
grace_period = "1h"
upload_ttl = "1h"
`,
  );
  return { path, config: loadConfig({ path: file, env }), ca: ca.caPem, [Symbol.asyncDispose]: dispose };
}
