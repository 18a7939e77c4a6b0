import type { App } from '../paths.ts';

/**
 * The command that runs a bundle: on the Node beside it, else the one that was installed with it, else the workspace's,
 * else the one in PATH, which is asked for its version, since older ones fail with a riddle.
 */
export function launcher(app: App): string {
  return `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
for node in "$here/node" "$here/../../node" "$here/../../../node_modules/.bin/node"; do
  [ -x "$node" ] && exec "$node" "$here/${app}.mjs" "$@"
done
version=$(node --version 2>/dev/null)
case $version in
  '') found='there is none in PATH' ;;
  v[0-9].* | v1[0-9].* | v2[0-3].*) found="the one in PATH is $version" ;;
  *) exec node "$here/${app}.mjs" "$@" ;;
esac
echo "${app} needs Node 24 or newer, and $found: install one, or put its executable at $here/node" >&2
exit 127
`;
}
