import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ConfigProblem, quote } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';
import type { Config } from '../schema/config.ts';

/** Other users may neither read nor write a private key; a group, such as one for certificates, may read it. */
const ofKey = { forbidden: 0o027, danger: 'other users of this machine could read or change it', cure: 'chmod 640' };
/** World-readable files that only their owner may replace. */
const ofFile = { forbidden: 0o002, danger: 'every user of this machine could change it', cure: 'chmod o-w' };
/** Files for the operator only: a password, copies of the database. */
const ofSecret = { forbidden: 0o027, danger: 'other users of this machine could read it', cure: 'chmod g-w,o-rwx' };
const sticky = 0o1000;

type Rule = typeof ofKey;
type Exposed = ConfigProblem & { readonly isOwn: boolean };

/**
 * Reports files and directories that other users could read or change but must not; `path` is the configuration file.
 * Those owned by this user, who can fix them, are `problems`; the others, such as secrets that podman or Kubernetes
 * mounts world-readable, are `warnings`. Files that do not exist yet are created with the right mode.
 */
export function checkPermissions(
  {
    server,
    database,
    storage,
    s3,
    auth,
    mcias,
    web,
    oidc = [],
  }: Partial<PartialConfig> & Partial<Pick<Config, 'oidc'>>,
  path: string | undefined,
): { readonly problems: ConfigProblem[]; readonly warnings: ConfigProblem[] } {
  const paths: readonly (readonly [key: string, path: string | undefined, rule: Rule])[] = [
    [path ?? '', path, ofFile],
    ['server.tls_cert', server?.tlsCert, ofFile],
    ['server.tls_key', server?.tlsKey, ofKey],
    ['auth.signing_key_file', auth?.signingKeyFile, ofKey],
    ['storage.layers_path', storage?.layersPath, ofFile],
    ['storage.uploads_path', storage?.uploadsPath, ofFile],
    ['s3.access_key_file', s3?.accessKeyFile, ofKey],
    ['s3.secret_key_file', s3?.secretKeyFile, ofKey],
    ['s3.ca_cert', s3?.caCert, ofFile],
    ...besideDatabase(database?.path, 'snapshots').map((name) => ['database.path', name, ofSecret] as const),
    ['initial-admin-password', database && beside(path, 'initial-admin-password'), ofSecret],
    ['database.url_file', database?.urlFile, ofSecret],
    ['database.ca_cert', database?.caCert, ofFile],
    ['mcias.ca_cert', mcias?.caCert, ofFile],
    ...oidc.map(
      ({ name, clientSecretFile }) => [`oidc.${name}.client_secret_file`, clientSecretFile, ofSecret] as const,
    ),
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

/** Next to the database file, and next to a link to it. */
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
  // In a sticky directory, such as /tmp, users cannot replace the files of others.
  if (stats === undefined || (stats.mode & forbidden) === 0 || (stats.mode & sticky) !== 0) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const message = `${quote(path)} has mode ${mode}, so that ${danger}; run: ${cure} ${path}`;
  return [{ key, message, isOwn: stats.uid === process.getuid?.() }];
}

/** Files that cannot be examined are reported by the code that reads them. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
