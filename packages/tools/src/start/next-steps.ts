import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Config } from '@mcr/config';
import { asWord } from '@mcr/server-kit/shell';
import { type App, bin, root } from '../paths.ts';
import { reachable, registryName, webUrl } from './addresses.ts';

/** The port that mcrctl assumes for gRPC. */
const usualGrpcPort = 9443;

/** What to type in `cwd` once the server in `dir` is ready, for this machine's clients. */
export function nextSteps(config: Config, dir: string, cwd: string = process.cwd()): string {
  const registry = registryName(config);
  const here = (...path: string[]): string => relative(process.cwd(), join(dir, ...path)) || '.';
  const typed = (...path: string[]): string => asWord(here(...path));
  const password = here('initial-admin-password');
  const login = existsSync(password)
    ? ` --username admin --password-stdin ${registry} <${asWord(password)}`
    : ` ${registry}`;
  const certs = existsSync(here('tls', 'ca.crt')) ? ` --cert-dir ${asWord(clientCerts(here))}` : '';
  const passwd = `${commandOf('mcrsrv', cwd)} account passwd admin --config ${typed('mcr.toml')}`;
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
    '# the command line of operators',
    `${commandOf('mcrctl', cwd)} login --server https://${registry}${mcrctlOptions(config, here)}`,
    `${commandOf('mcrctl', cwd)} status`,
    '',
    'Ctrl-C stops it.',
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}

/** How a program of this checkout is called: npx finds it at the top, and a path does everywhere. */
function commandOf(app: App, cwd: string): string {
  return cwd === root ? `npx ${app}` : asWord(join(bin, app));
}

/** The options of `mcrctl login` whose values it cannot know: gRPC address, CA, and the account with its password. */
function mcrctlOptions({ server: { grpcAddr } }: Config, here: (...path: string[]) => string): string {
  const [ca, password] = [here('tls', 'ca.crt'), here('initial-admin-password')];
  return [
    grpcAddr === undefined || grpcAddr.port === usualGrpcPort ? '' : ` --grpc ${reachable(grpcAddr)}`,
    existsSync(ca) ? ` --ca-cert ${asWord(ca)}` : '',
    existsSync(password) ? ` --username admin <${asWord(password)}` : '',
  ].join('');
}

/** podman takes every *.key of a --cert-dir for a client's, so the CA needs a directory without the server's key. */
function clientCerts(here: (...path: string[]) => string): string {
  const folder = here('client-certs');
  mkdirSync(folder, { recursive: true });
  copyFileSync(here('tls', 'ca.crt'), join(folder, 'ca.crt'));
  return folder;
}
