import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Config } from '@mcr/config';
import { asWord } from '@mcr/server-kit/shell';
import { registryName, webUrl } from './addresses.ts';

/** What to type once the server in `dir` is ready, for this machine's clients; `mcrsrv` is how that is called here. */
export function nextSteps(config: Config, dir: string, mcrsrv: string): string {
  const registry = registryName(config);
  const here = (...path: string[]): string => relative(process.cwd(), join(dir, ...path)) || '.';
  const typed = (...path: string[]): string => asWord(here(...path));
  const password = here('initial-admin-password');
  const login = existsSync(password)
    ? ` --username admin --password-stdin ${registry} <${asWord(password)}`
    : ` ${registry}`;
  const certs = existsSync(here('tls', 'ca.crt')) ? ` --cert-dir ${asWord(clientCerts(here))}` : '';
  const passwd = `${mcrsrv} account passwd admin --config ${typed('mcr.toml')}`;
  const lines = [
    `MCR is ready: registry ${registry}, web UI ${webUrl(config)}`,
    ...(existsSync(password) ? [`Account admin, password in ${password}; for another one:`, passwd] : []),
    '',
    '# podman, buildah',
    `podman login${certs}${login}`,
    `podman push${certs} IMAGE ${registry}/hello/world:1.0`,
    '',
    '# docker',
    ...(certs === ''
      ? []
      : [`sudo install -D -m 644 ${typed('tls', 'ca.crt')} /etc/docker/certs.d/${registry}/ca.crt`]),
    `docker login${login}`,
    '',
    'Ctrl-C stops it.',
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}

/** podman takes every *.key of a --cert-dir for a client's, so the CA needs a directory without the server's key. */
function clientCerts(here: (...path: string[]) => string): string {
  const folder = here('client-certs');
  mkdirSync(folder, { recursive: true });
  copyFileSync(here('tls', 'ca.crt'), join(folder, 'ca.crt'));
  return folder;
}
