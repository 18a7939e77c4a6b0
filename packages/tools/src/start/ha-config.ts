import { join } from 'node:path';

/** Ports of `npm run start:ha` on 127.0.0.1; the first three are those of `npm start`. */
export const ports = { registry: 8443, grpc: 9443, web: 8080, postgres: 15432, s3: 17070 } as const;

const replicas = [1, 2];
const portsOf = (number: number) => ({ registry: 18_443 + number, grpc: 19_443 + number, metrics: 19_090 + number });

/** Where a replica listens, over the configuration that all share. */
export function replicaEnv(number: number) {
  const { registry, grpc, metrics } = portsOf(number);
  return {
    MCR_SERVER_LISTEN_ADDR: `127.0.0.1:${registry}`,
    MCR_SERVER_GRPC_ADDR: `127.0.0.1:${grpc}`,
    MCR_SERVER_METRICS_ADDR: `127.0.0.1:${metrics}`,
  };
}

/** The `mcr.toml` that all replicas and mcr-web share. */
export function mcrToml(): string {
  return `# Configuration of the replicas and of mcr-web; what each replica has for itself is in its environment. See docs/scale-out.md.

[server]
listen_addr = "127.0.0.1:${ports.registry}"
grpc_addr = "127.0.0.1:${ports.grpc}"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
trusted_proxies = ["127.0.0.1", "::1"]
# Clients type the address of the balancer.
public_url = "https://localhost:${ports.registry}"

[database]
url = "postgresql://mcr@127.0.0.1:${ports.postgres}/postgres"

[storage]
driver = "s3"

[s3]
endpoint = "http://127.0.0.1:${ports.s3}"
region = "us-east-1"
bucket = "registry"
path_style = true
access_key_file = "s3-access-key"
secret_key_file = "s3-secret-key"

[auth]
provider = "local"
# Tokens of one replica are valid at all.
signing_key_file = "signing-key.pem"

[web]
listen_addr = "127.0.0.1:${ports.web}"
grpc_addr = "127.0.0.1:${ports.grpc}"
ca_cert = "tls/ca.crt"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
`;
}

/** haproxy hands TCP connections to the replicas that are ready, in turn: TLS is theirs, and nothing is sticky. */
export function haproxyConfig(dir: string): string {
  const servers = (kind: 'registry' | 'grpc') =>
    replicas
      .map(
        (number) =>
          `  server replica${number} 127.0.0.1:${portsOf(number)[kind]} check port ${portsOf(number).metrics}`,
      )
      .join('\n');
  const listener = (kind: 'registry' | 'grpc') => `listen ${kind}
  bind 127.0.0.1:${ports[kind]}
  balance roundrobin
  option httpchk GET /ready
  default-server inter 500ms fall 2 rise 1
${servers(kind)}
`;
  return `# In front of the replicas whose files are in ${join(dir)}.
defaults
  mode tcp
  timeout connect 2s
  timeout client 15m
  timeout server 15m
  retries 2
  option redispatch

${listener('registry')}
${listener('grpc')}`;
}
