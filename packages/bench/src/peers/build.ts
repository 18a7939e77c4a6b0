import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A build of mcrsrv, and what the report calls it. */
export interface Build {
  readonly name: string;
  /** Path of the bundled server. */
  readonly bundle: string;
  /** What it is configured with beside the usual, as `MCR_<SECTION>_<KEY>`. */
  readonly env?: Readonly<Record<string, string>>;
}

const bundleIn = join('apps', 'mcrsrv', 'dist', 'mcrsrv.mjs');

/**
 * Reads `NAME=PATH[,MCR_KEY=VALUE]…`, where the path is that of a built checkout or of a bundle. Throws when it has another
 * form, when the name is in `taken`, and when no bundle is there.
 */
export function readBuild(text: string, taken: readonly string[]): Build {
  const [, name, path, settings = ''] = /^([a-z0-9][a-z0-9._-]*)=([^,]+)((?:,MCR_[A-Z_]+=[^,]*)*)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) {
    throw new Error(
      `invalid --beside "${text}": it has the form NAME=PATH, with a name of a-z, 0-9, ".", "_" and "-", and behind it ` +
        'perhaps settings such as ",MCR_SERVER_WORKERS=2"',
    );
  }
  if (taken.includes(name)) throw new Error(`invalid --beside "${text}": there is a contender "${name}" already`);
  const env = Object.fromEntries(
    settings
      .split(',')
      .slice(1)
      .map((setting) => setting.split(/=(.*)/s, 2)),
  );
  return { name, bundle: bundleAt(resolve(path)), ...(settings !== '' && { env }) };
}

function bundleAt(path: string): string {
  const bundle = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, bundleIn) : path;
  if (statSync(bundle, { throwIfNoEntry: false })?.isFile()) return bundle;
  throw new Error(`no server bundle at ${bundle}: run "npm run build" in that checkout, or give the path of a bundle`);
}
