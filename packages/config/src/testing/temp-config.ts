import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory with all files that a valid configuration needs; removed at the end of its scope. */
export interface TempConfig extends Disposable {
  readonly directory: string;
  /** `mcr.toml` in the directory; contains {@link TempConfig.text}. */
  readonly path: string;
  /** Only the required keys. */
  readonly text: string;
}

const minimalText = `
[server]
listen_addr = ":8443"
tls_cert = "server.crt"
tls_key = "server.key"

[database]
path = "mcr.db"

[storage]
layers_path = "layers"

[mcias]
server_url = "https://mcias.example.com"
`;

/** Creates the directory with `mcr.toml`, `server.crt`, `server.key`, `web.crt`, `web.key` and `ca.crt`. */
export function tempConfig(): TempConfig {
  const directory = mkdtempSync(join(tmpdir(), 'mcr-config-'));
  const path = join(directory, 'mcr.toml');
  writeFileSync(path, minimalText);
  for (const name of ['server.crt', 'server.key', 'web.crt', 'web.key', 'ca.crt'])
    writeFileSync(join(directory, name), '', { mode: 0o600 });
  return {
    directory,
    path,
    text: minimalText,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
