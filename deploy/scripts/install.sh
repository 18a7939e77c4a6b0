#!/bin/sh
# Installs MCR from the unpacked release that this script lies in. See --help, and docs/install.md.
set -eu
umask 022

usage() {
  cat <<'HELP'
Usage: install.sh [install]   [--init HOST]... [--config FILE] [--node FILE] [--start] [--no-snapshot]
       install.sh rollback    [--restore-database]
       install.sh uninstall
  each with [--prefix DIR] [--dry-run] [--help]

install    Puts the programs below PREFIX/lib/mcr, their commands into PREFIX/bin, the units into /etc/systemd/system
           and the data into /srv/mcr, for the user mcr. Does only what is not done yet, so it can be repeated. Over
           another version it first copies the database, and stops the services that run until that is done.
rollback   Goes back to the version before, once.
uninstall  Removes programs and units. Keeps /srv/mcr and the user mcr.

--init HOST         Make a configuration with local accounts, a certificate authority, a certificate for HOST (a name or
                    an IP address, can be repeated) and the account admin, unless there is a configuration
--config FILE       The configuration to begin with, if there is none; deploy/examples/mcr.toml unless told
--node FILE         Also install this executable of Node, for machines whose own is missing or too old
--start             Enable and start mcr, mcr-web and mcr-backup.timer
--no-snapshot       Upgrade without a copy of the database
--restore-database  Put the copy back that was made before the upgrade; what was pushed since then is lost
--prefix DIR        Instead of /usr/local
--dry-run           Say what would be done, and do nothing

DESTDIR=DIR in the environment prepares a file tree for another machine: no accounts, no owners, no services.
HELP
}

prefix=/usr/local
data=/srv/mcr
units='mcr.service mcr-web.service mcr-backup.service mcr-backup.timer'
action=install hosts='' config='' node='' start='' snapshot=yes restore='' dry='' changes=0
# systemd's, so that what works here works there.
service_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# Does one thing, and says so; in a dry run only the latter.
run() {
  changes=$((changes + 1))
  if [ -n "$dry" ]; then say "would run: $*"; else say "+ $*" && "$@"; fi
}

parse() {
  case ${1-} in install | rollback | uninstall) action=$1 && shift ;; esac
  while [ $# -gt 0 ]; do
    case $1 in
      --init) hosts="$hosts ${2?--init needs a host}" && shift ;;
      --config) config=${2?--config needs a file} && shift ;;
      --node) node=${2?--node needs a file} && shift ;;
      --prefix) prefix=${2?--prefix needs a directory} && shift ;;
      --start) start=yes ;;
      --no-snapshot) snapshot='' ;;
      --restore-database) restore=yes ;;
      --dry-run) dry=yes ;;
      -h | --help) usage && exit 0 ;;
      *) fail "There is no option $1; see --help" ;;
    esac
    shift
  done
}

# What is changed on this machine, and not on the one that DESTDIR is for.
here_and_now() { [ -z "$root" ]; }
has_systemd() { here_and_now && [ -d /run/systemd/system ]; }
is_active() { has_systemd && systemctl is-active --quiet "$1"; }

# Runs a command as the registry does: as mcr, with the overrides of the unit and the path of a service.
as_mcr() (
  cd /
  set -a
  # shellcheck disable=SC1091
  [ ! -r /etc/default/mcr ] || . /etc/default/mcr
  PATH=$service_path exec runuser --user mcr -- "$@"
)

put_directory() { # PATH MODE OWNER
  [ ! -d "$root$1" ] || return 0
  if here_and_now; then run install -d -m "$2" -o "$3" -g "$3" "$1"; else run install -d -m "$2" "$root$1"; fi
}

put_file() { # SOURCE PATH MODE
  if cmp -s "$1" "$root$2" && [ "$(stat -c %a "$root$2")" = "$3" ]; then return 0; fi
  run install -D -m "$3" "$1" "$root$2"
}

# The change is atomic: at each moment there is the old link or the new one.
put_link() { # TARGET PATH
  [ "$(readlink "$root$2" 2>/dev/null)" != "$1" ] || return 0
  run ln -sfn "$1" "$root$2.new"
  run mv -fT "$root$2.new" "$root$2"
}

put_account() {
  here_and_now || return 0
  getent group mcr >/dev/null || run groupadd --system mcr
  getent passwd mcr >/dev/null ||
    run useradd --system --gid mcr --home-dir "$data" --no-create-home --shell /usr/sbin/nologin mcr
}

put_programs() {
  [ -d "$root$lib" ] || run install -d -m 755 "$root$lib" "$root$prefix/bin"
  [ -z "$node" ] || put_file "$node" "$lib/node" 755
  if [ ! -d "$root$lib/$id" ]; then
    run rm -rf "$root$lib/.new"
    run cp -R "$here" "$root$lib/.new"
    run chmod -R u+w,go-w,a+rX "$root$lib/.new"
    run mv "$root$lib/.new" "$root$lib/$id"
  fi
  if here_and_now && [ -z "$dry" ]; then
    env -i PATH="$service_path" "$lib/$id/mcrsrv/mcrsrv" --version >/dev/null ||
      fail 'The programs do not run here; nothing is in use yet (see above; --node FILE brings a Node along)'
  fi
}

put_units() {
  reload=''
  for unit in $units; do
    sed "s|/usr/local/|$prefix/|g" "$here/deploy/systemd/$unit" >"$scratch/$unit"
    cmp -s "$scratch/$unit" "$root/etc/systemd/system/$unit" || reload=yes
    put_file "$scratch/$unit" "/etc/systemd/system/$unit" 644
  done
  if [ -n "$reload" ] && has_systemd; then run systemctl daemon-reload; fi
}

put_configuration() {
  [ ! -e "$root$data/mcr.toml" ] || return 0
  if [ -n "$hosts" ] && here_and_now; then
    set --
    for host in $hosts; do set -- "$@" --host "$host"; done
    run as_mcr "$prefix/bin/mcrsrv" init --dir "$data" "$@"
  else
    put_file "${config:-$here/deploy/examples/mcr.toml}" "$data/mcr.toml" 640
    if here_and_now; then run chgrp mcr "$data/mcr.toml"; fi
    say "Edit $data/mcr.toml before the first start: docs/install.md says what it needs"
  fi
}

database() {
  # shellcheck disable=SC1091
  path=$([ ! -r /etc/default/mcr ] || . /etc/default/mcr && printf %s "${MCR_DATABASE_PATH-}")
  [ -n "$path" ] || path=$(sed -n '/^\[database\]/,/^\[/s/^ *path *= *"\([^"]*\)".*/\1/p' "$data/mcr.toml")
  case $path in /*) say "$path" ;; *) say "$data/$path" ;; esac
}

# A copy under a name that says why it was made; the backup's cleaning leaves it alone.
copy_database() { # PROGRAMS NAME
  run install -d -m 700 -o mcr -g mcr "$data/snapshots"
  run as_mcr "$1/mcrsrv/mcrsrv" snapshot --config "$data/mcr.toml" --to "$data/snapshots/$2-$(date -u +%Y%m%dT%H%M%SZ).db"
}

switch_to() { # ID PREVIOUS
  put_link "$1" "$lib/current"
  [ -z "$2" ] || put_link "$2" "$lib/previous"
  for program in mcrsrv mcr-web mcrctl; do put_link "../lib/mcr/current/$program/$program" "$prefix/bin/$program"; done
}

# One after the other: mcr-web needs mcr, and mcr counts as started when it can serve.
each_service() { # VERB SERVICE...
  verb=$1 && shift
  for service in "$@"; do
    run systemctl "$verb" "$service" || fail "$service does not $verb: journalctl -u $service says why${advice:+; $advice}"
  done
}

# What runs of the two, in the order of a start.
running() { for service in mcr mcr-web; do if is_active "$service"; then printf '%s ' "$service"; fi; done; }

# What runs, or would if it could: an upgrade that failed may be the reason for going back.
wanted() {
  for service in mcr mcr-web; do
    if is_active "$service" || { has_systemd && systemctl is-enabled --quiet "$service" 2>/dev/null; }; then printf '%s ' "$service"; fi
  done
}

# Stops what is in $services, in the opposite order.
stop_services() {
  case $services in *mcr-web*) each_service stop mcr-web ;; esac
  case $services in *'mcr '*) each_service stop mcr ;; esac
}

start_services() {
  has_systemd || fail 'systemd does not run here, so --start cannot start anything'
  for unit in mcr mcr-web mcr-backup.timer; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || run systemctl enable "$unit"
    is_active "$unit" || each_service start "$unit"
  done
}

remove_old() {
  for directory in "$root$lib"/*; do
    name=${directory##*/}
    case $name in node | current | previous | "$id" | "$old" | '*') ;; *) run rm -rf "$directory" ;; esac
  done
}

install_release() {
  [ -f "$here/SHA256SUMS" ] || fail 'There is no release beside this script: unpack one, made by npm run release'
  (cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail 'The release is damaged: unpack it again'
  id=$(cat "$here/VERSION")-$(sha256sum "$here/SHA256SUMS" | cut -c 1-8)
  active=$(readlink "$root$lib/current" || :)
  old=$active
  [ "$old" != "$id" ] || old=$(readlink "$root$lib/previous" || :)
  put_account
  put_directory "$data" 750 mcr
  for name in layers uploads snapshots; do put_directory "$data/$name" 700 mcr; done
  put_programs
  services=''
  if [ -n "$active" ] && [ "$active" != "$id" ]; then
    if here_and_now && [ -n "$snapshot" ] && [ -e "$data/mcr.toml" ] && [ -e "$(database)" ]; then
      copy_database "$lib/current" "before-$id"
    fi
    # Before the change, and not after it: every command of a new version migrates the database that it opens.
    services=$(running)
    stop_services
  fi
  switch_to "$id" "$old"
  put_units
  put_configuration
  advice="$prefix/lib/mcr/current/install.sh rollback goes back"
  # shellcheck disable=SC2086
  each_service start $services
  [ -z "$start" ] || start_services
  remove_old
  if [ "$changes" = 0 ]; then say "There is nothing to do: MCR $id is installed"; fi
  [ "$changes" = 0 ] || [ -n "$dry" ] || say "MCR $id is installed"
}

rollback() {
  id=$(readlink "$lib/previous") || fail 'There is no version to go back to'
  old=$(readlink "$lib/current")
  services=$(wanted)
  saved=''
  if [ -n "$restore" ]; then
    for file in "$data/snapshots/before-$old"-*.db; do [ ! -e "$file" ] || saved=$file; done
    [ -n "$saved" ] || fail "There is no copy of the database from before the upgrade ($data/snapshots/before-$old-*.db)"
  # The copy also shows whether that version can read the database as it is now.
  elif ! copy_database "$lib/$id" "before-rollback-to-$id"; then
    fail "MCR $id cannot use the database as it is now; --restore-database puts the copy back that was made before the upgrade, without what was pushed since"
  fi
  stop_services
  if [ -n "$saved" ]; then
    copy_database "$lib/$old" "before-rollback-to-$id"
    live=$(database)
    run rm -f "$live-wal" "$live-shm"
    run install -m 600 -o mcr -g mcr "$saved" "$live"
  fi
  switch_to "$id" "$old"
  # shellcheck disable=SC2086
  each_service start $services
  [ -n "$dry" ] || say "MCR $id is in use again"
}

uninstall() {
  for unit in $units; do
    [ -e "$root/etc/systemd/system/$unit" ] || continue
    if has_systemd; then run systemctl disable --now --quiet "$unit"; fi
    run rm -f "$root/etc/systemd/system/$unit"
  done
  for program in mcrsrv mcr-web mcrctl; do
    [ ! -L "$root$prefix/bin/$program" ] || run rm -f "$root$prefix/bin/$program"
  done
  [ ! -d "$root$lib" ] || run rm -rf "$root$lib"
  if [ "$changes" -gt 0 ] && has_systemd; then run systemctl daemon-reload; fi
  say "The data is still in $data. To remove it too: rm -rf $data && userdel mcr"
}

parse "$@"
case $prefix in /*) ;; *) fail '--prefix must be an absolute path' ;; esac
prefix=${prefix%/}
root=${DESTDIR-}
root=${root%/}
lib=$prefix/lib/mcr
advice=''
here=$(dirname -- "$(readlink -f -- "$0")")
if here_and_now && [ "$(id -u)" != 0 ]; then fail 'Run this as root, or with DESTDIR'; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case $action in
  install) install_release ;;
  rollback) rollback ;;
  uninstall) uninstall ;;
esac
