import { formatAddress } from '@mcr/config';

/** What the file is to say. */
export interface RenderOptions {
  /** Listen on every interface, and not on the loopback only. */
  readonly everyInterface?: boolean;
}

const loopback = '127.0.0.1';

/** Writes the `mcr.toml` of a new directory: local accounts, all paths relative to the file. */
export function renderConfig({ everyInterface = false }: RenderOptions = {}): string {
  const host = everyInterface ? '' : loopback;
  const address = (port: number) => JSON.stringify(formatAddress({ host, port }));
  return `# Configuration of mcrsrv and mcr-web. Every key can be overridden by a variable, such as MCR_SERVER_LISTEN_ADDR.
# Relative paths start at the directory of this file. More keys, and all defaults: docs/configuration.md.

[server]
# Container clients and the REST API, over HTTPS. "127.0.0.1:8443" is for this machine only, ":8443" for everyone who can
# reach it. The certificate in tls/ is valid for localhost, 127.0.0.1, ::1 and the hosts that mcrsrv init was given; for
# any other name, put your own certificate and key there.
listen_addr = ${address(8443)}
# gRPC and Connect, for mcr-web and mcrctl.
grpc_addr = ${address(9443)}
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
# mcr-web runs on this machine and says for which browser it asks. Proxies in front of the registry belong here, too.
trusted_proxies = ["127.0.0.1", "::1"]
# The address that clients type, once it is known. Without it, the Host header of each request is used.
# public_url = "https://registry.example.com:8443"
# Processes that serve requests, or "auto" for one per core; more than one needs shared = true below.
# workers = 1

[database]
path = "mcr.db"

[storage]
layers_path = "layers"
uploads_path = "uploads"
# tag_delete = true allows container clients to delete a tag by its name; admins can in any case, by mcrctl and the web UI.
# tag_delete = false
# shared = false

[auth]
# Accounts are kept in the database; see mcrsrv account --help. "mcias" asks an identity service instead.
provider = "local"

[gc]
# How long a blob that nothing references is kept, and the time between two runs; 0 runs on demand only.
# grace_period = "24h"
# interval = "24h"

[web]
# The web UI, over HTTPS with the same certificate.
listen_addr = ${address(8080)}
grpc_addr = ${JSON.stringify(formatAddress({ host: loopback, port: 9443 }))}
ca_cert = "tls/ca.crt"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"

[log]
# level = "info"
`;
}
