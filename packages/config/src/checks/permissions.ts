import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ConfigProblem, quote } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/** Others may neither read nor write a private key; a group, such as one for certificates, may read it. */
const ofKey = { forbidden: 0o027, danger: 'others on this machine could read or change it', cure: 'chmod 640' };
/** What everybody may read, but nobody else may exchange. */
const ofFile = { forbidden: 0o002, danger: 'everybody on this machine could change it', cure: 'chmod o-w' };
/** What the registry wrote for its operator alone: a password, copies of the database. */
const ofSecret = { forbidden: 0o027, danger: 'others on this machine could read it', cure: 'chmod g-w,o-rwx' };
const sticky = 0o1000;

type Rule = typeof ofKey;
type Exposed = ConfigProblem & { readonly isOwn: boolean };

/**
 * Files and directories that others may read or change and should not, `path` being the file of the configuration. Those
 * of this user, who can put it right, are `problems`; the others, such as secrets that podman or Kubernetes mounts
 * readable for all, are `warnings`. What does not exist yet is created with the right mode.
 */
export function checkPermissions(
  { server, database, storage, mcias, web }: Partial<PartialConfig>,
  path: string | undefined,
): { readonly problems: ConfigProblem[]; readonly warnings: ConfigProblem[] } {
  const paths: readonly (readonly [key: string, path: string | undefined, rule: Rule])[] = [
    [path ?? '', path, ofFile],
    ['server.tls_cert', server?.tlsCert, ofFile],
    ['server.tls_key', server?.tlsKey, ofKey],
    ['storage.layers_path', storage?.layersPath, ofFile],
    ['storage.uploads_path', storage?.uploadsPath, ofFile],
    ...besideDatabase(database?.path, 'snapshots').map((name) => ['database.path', name, ofSecret] as const),
    ['initial-admin-password', database && beside(path, 'initial-admin-password'), ofSecret],
    ['mcias.ca_cert', mcias?.caCert, ofFile],
    ['web.ca_cert', web?.caCert, ofFile],
    ['web.tls_cert', web?.tlsCert, ofFile],
    ['web.tls_key', web?.tlsKey, ofKey],
  ];
  const exposed = paths.flatMap(([key, name, rule]) => (name === undefined ? [] : examine(key, name, rule)));
  const plain = (items: readonly Exposed[]) => items.map(({ key, message }) => ({ key, message }));
  return {
    problems: plain(exposed.filter(({ isOwn }) => isOwn)),
    warnings: plain(exposed.filter(({ isOwn }) => !isOwn)),
  };
}

function beside(path: string | undefined, name: string): string | undefined {
  return path === undefined ? undefined : join(dirname(path), name);
}

/** Beside the file of the database, and beside a link to it. */
function besideDatabase(path: string | undefined, name: string): readonly string[] {
  if (path === undefined) return [];
  return [...new Set([path, realPathOf(path)].map((file) => join(dirname(file), name)))];
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function examine(key: string, path: string, { forbidden, danger, cure }: Rule): Exposed[] {
  const stats = statusOf(path);
  // Nobody can exchange what others have in a sticky directory, such as /tmp.
  if (stats === undefined || (stats.mode & forbidden) === 0 || (stats.mode & sticky) !== 0) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const message = `${quote(path)} has mode ${mode}, so that ${danger}; run: ${cure} ${path}`;
  return [{ key, message, isOwn: stats.uid === process.getuid?.() }];
}

/** What cannot be looked at is reported by whoever needs it. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
