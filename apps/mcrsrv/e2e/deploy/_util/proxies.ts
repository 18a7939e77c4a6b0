import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk, type TestRegistry } from '@mcr/testkit';
import { top } from './release.ts';

/** What a proxy is started with. */
export interface ProxySetup {
  readonly registry: TestRegistry;
  /** For the proxy's own files. */
  readonly directory: string;
  readonly port: number;
  /** PEM files of the proxy's own certificate. */
  readonly cert: string;
  readonly key: string;
}

/** A reverse proxy that there is an example configuration for. */
export interface Proxy {
  readonly name: string;
  /** Whom it runs as, where it does not begin as root. */
  readonly user?: string;
  /** Writes its configuration, made of the example, and returns the command that runs it in the foreground. */
  prepare(setup: ProxySetup): Promise<readonly [string, ...string[]]>;
}

const examples = join(top, 'deploy', 'examples');

/** The example with the test's addresses and files in place of its own. Throws when it lacks one of them. */
async function adapt(name: string, replacements: Readonly<Record<string, string>>): Promise<string> {
  let text = await readFile(join(examples, name), 'utf8');
  for (const [example, actual] of Object.entries(replacements)) {
    if (!text.includes(example)) throw new Error(`${name} does not say ${example}`);
    text = text.replaceAll(example, actual);
  }
  return text;
}

/** Also where a proxy that begins as root finds the authority of the registry. */
const asRoot = ({ registry }: ProxySetup) => ({
  '127.0.0.1:8443': registry.host,
  '/srv/mcr/tls/ca.crt': registry.caPath,
});

/** The proxies that Debian has. */
export const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    async prepare(setup) {
      const { directory, port, cert, key } = setup;
      const site = await adapt('nginx.conf', {
        ...asRoot(setup),
        'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
        '/etc/nginx/tls/registry.example.com.crt': cert,
        '/etc/nginx/tls/registry.example.com.key': key,
      });
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const temporary = kinds.map((kind) => `${kind}_temp_path ${directory}/${kind};`).join(' ');
      const main = `daemon off; user root; pid ${directory}/pid; error_log stderr; events {}`;
      const config = join(directory, 'nginx.conf');
      await writeFile(config, `${main}\nhttp { access_log off; ${temporary}\n${site}}\n`);
      return ['nginx', '-p', directory, '-e', 'stderr', '-c', config];
    },
  },
  {
    name: 'haproxy',
    async prepare(setup) {
      const { directory, port, cert, key } = setup;
      const pem = join(directory, 'both.pem');
      await writeFile(pem, `${await readFile(cert, 'utf8')}\n${await readFile(key, 'utf8')}\n`, { mode: 0o600 });
      const bind = { 'bind :443': `bind 127.0.0.1:${port}`, '/etc/haproxy/registry.example.com.pem': pem };
      const config = join(directory, 'haproxy.cfg');
      await writeFile(config, await adapt('haproxy.cfg', { ...asRoot(setup), ...bind }));
      return ['haproxy', '-db', '-f', config];
    },
  },
  {
    name: 'caddy',
    user: 'caddy',
    async prepare({ registry, directory, port, cert, key }) {
      const copy = join(directory, 'mcr-ca.crt');
      await runOk('install', ['-m', '644', registry.caPath, copy]);
      const site = await adapt('Caddyfile', {
        '127.0.0.1:8443': registry.host,
        '/etc/caddy/tls/mcr-ca.crt': copy,
        'registry.example.com {': `https://127.0.0.1:${port} {`,
        '/etc/caddy/tls/registry.example.com.crt': cert,
        '/etc/caddy/tls/registry.example.com.key': key,
      });
      const config = join(directory, 'Caddyfile');
      await writeFile(config, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
      return ['caddy', 'run', '--adapter', 'caddyfile', '--config', config];
    },
  },
];
