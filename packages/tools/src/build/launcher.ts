import type { App } from '../paths.ts';

/**
 * The command that runs a bundle: on the Node beside it, else the one that install.sh put there with it, else the
 * workspace's, else the one in PATH, which is asked for its version, since older ones fail with a riddle. Whatever else
 * lies above an unpacked release is a stranger's.
 */
export function launcher(app: App): string {
  return `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
run() { if [ -f "$1" ] && [ -x "$1" ]; then exec "$@"; fi; }
run "$here/node" "$here/${app}.mjs" "$@"
[ ! -e "$here/../.installed" ] || run "$here/../../node" "$here/${app}.mjs" "$@"
[ ! -e "$here/../src/main.ts" ] || run "$here/../../../node_modules/.bin/node" "$here/${app}.mjs" "$@"
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
