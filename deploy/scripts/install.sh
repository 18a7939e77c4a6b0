#!/bin/sh
# Installs MCR from the unpacked release that contains this script. See --help, and docs/install.md.
set -eu
umask 022

usage() {
  cat <<'HELP'
Usage: install.sh [install]   [--init HOST]... [--config FILE] [--node FILE] [--start] [--no-snapshot]
       install.sh rollback    [--restore-database] [--no-snapshot]
       install.sh uninstall
  each with [--prefix DIR] [--dry-run] [--help]

install    Puts the programs below PREFIX/lib/mcr, their commands into PREFIX/bin, the units into /etc/systemd/system
           and the data into /srv/mcr, for the user mcr. Does only what is not done yet, so it can be repeated. Over
           another version it first copies the database, and stops the services that run until that is done. If it
           is cut short, or fails, the next run starts them again.
rollback   Goes back to the version before, once.
uninstall  Removes programs and units. Keeps /srv/mcr and the user mcr.

--init HOST         Make a configuration with local accounts, a certificate authority, a certificate for HOST (a name or
                    an IP address, can be repeated) and the account admin, unless there is a configuration
--config FILE       The configuration to begin with, if there is none; default: deploy/examples/mcr.toml
--node FILE         Also install this executable of Node, for machines whose own is missing or too old
--start             Enable and start mcr, mcr-web, mcr-backup.timer and mcr-fsck.timer
--no-snapshot       Upgrade, or go back, without a copy of the database
--restore-database  Put the copy back that was made before the upgrade; what was pushed since then is lost
--prefix DIR        Instead of /usr/local, and of where this script is installed
--dry-run           Say what would be done, and do nothing

DESTDIR=DIR in the environment prepares a file tree for another machine: no accounts, no owners, no services.
HELP
}

prefix=
data=/srv/mcr
units='mcr.service mcr-web.service mcr-backup.service mcr-backup.timer mcr-fsck.service mcr-fsck.timer'
action=install hosts='' config='' node='' start='' snapshot=yes restore='' dry='' changes=0
# systemd's, so that what works here works there.
service_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# Prints and executes a command; in a dry run only prints it.
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

# Changes to this machine, as opposed to the one that DESTDIR is for.
here_and_now() { [ -z "$root" ]; }
has_systemd() { here_and_now && [ -d /run/systemd/system ]; }
is_active() { has_systemd && systemctl is-active --quiet "$1"; }

# The overrides of the units, as systemd reads them: lines NAME=VALUE, and no script.
export_overrides() {
  [ -r /etc/default/mcr ] || return 0
  while read -r line || [ -n "$line" ]; do
    name=${line%%=*} value=${line#*=}
    case $line in [A-Za-z_]*=*) ;; *) continue ;; esac
    case $name in *[!A-Za-z0-9_]*) continue ;; esac
    case $value in \"*\" | \'*\') value=${value#?} && value=${value%?} ;; esac
    export "$name=$value"
  done </etc/default/mcr
}

# Runs a command as the registry does: as mcr, with the overrides of the units and the path of a service.
as_mcr() (
  cd /
  export_overrides
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
    # Says that the Node above these programs, if there is one, is theirs.
    run touch "$root$lib/.new/.installed"
    run mv "$root$lib/.new" "$root$lib/$id"
  fi
  if here_and_now && [ -z "$dry" ]; then
    env -i PATH="$service_path" "$lib/$id/mcrsrv/mcrsrv" check >/dev/null ||
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

# Takes a copy named after its reason and stores the name in $copy; the cleanup of backups does not remove it.
copy_database() { # PROGRAMS NAME
  copy=$data/snapshots/$2-$(date -u +%Y%m%dT%H%M%SZ).db
  run install -d -m 700 -o mcr -g mcr "$data/snapshots"
  run as_mcr "$1/mcrsrv/mcrsrv" snapshot --config "$data/mcr.toml" --to "$copy"
}

switch_to() { # ID
  put_link "$1" "$lib/current"
  for program in mcrsrv mcr-web mcrctl; do put_link "../lib/mcr/current/$program/$program" "$prefix/bin/$program"; done
}

# In order: mcr-web needs mcr, which counts as started once it serves requests.
each_service() { # VERB SERVICE...
  verb=$1 && shift
  for service in "$@"; do
    # Earlier failures, possibly of another version, must not keep systemd from trying.
    [ "$verb" != start ] || [ -n "$dry" ] || systemctl reset-failed "$service" 2>/dev/null || :
    run systemctl "$verb" "$service" || fail "$service does not $verb: journalctl -u $service says why${advice:+; $advice}"
  done
}

# Lists the services that this script has stopped until they run again, so that another run can continue after a failure.
was_stopped() { here_and_now && grep -qsx "$1" "$lib/.stopped"; }

# Prints the services for which a command succeeds, in start order.
services_that() { # COMMAND
  for service in mcr mcr-web; do if "$1" "$service"; then printf '%s ' "$service"; fi; done
}

is_running() { is_active "$1" || was_stopped "$1"; }
# A rollback may follow a failed upgrade.
is_wanted() { is_running "$1" || { has_systemd && systemctl is-enabled --quiet "$1" 2>/dev/null; }; }

# Stops $services in reverse order.
stop_services() {
  [ -n "$services" ] || return 0
  # shellcheck disable=SC2086
  [ -n "$dry" ] || printf '%s\n' $services >"$lib/.stopped"
  case $services in *mcr-web*) each_service stop mcr-web ;; esac
  case $services in *'mcr '*) each_service stop mcr ;; esac
}

start_again() {
  # shellcheck disable=SC2086
  each_service start $services
  [ -n "$dry" ] || [ ! -e "$root$lib/.stopped" ] || rm "$root$lib/.stopped"
}

start_services() {
  has_systemd || fail 'systemd does not run here, so --start cannot start anything'
  for unit in mcr mcr-web mcr-backup.timer mcr-fsck.timer; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || run systemctl enable "$unit"
    is_active "$unit" || each_service start "$unit"
  done
}

remove_old() {
  for directory in "$root$lib"/*; do
    name=${directory##*/}
    case $name in node | current | previous | previous.db | "$id" | "$old" | '*') ;; *) run rm -rf "$directory" ;; esac
  done
}

# Preparations before another version is activated.
upgrade() {
  services=$(services_that is_running)
  copy=''
  if here_and_now && [ -e "$data/mcr.toml" ]; then
    for service in $services; do
      case $service in mcr) program=mcrsrv ;; *) program=$service ;; esac
      [ -n "$dry" ] || as_mcr "$lib/$id/$program/$program" check --config "$data/mcr.toml" >/dev/null ||
        fail "MCR $id does not work with this configuration; nothing was changed"
    done
    # Before the change, and not after it: every command of a new version migrates the database that it opens.
    [ -z "$snapshot" ] || copy_database "$lib/current" "before-$id" ||
      fail 'The database was not copied, and nothing was changed; --no-snapshot upgrades without a copy'
  fi
  stop_services
  put_link "$active" "$lib/previous"
  if [ -n "$copy" ]; then
    put_link "$copy" "$lib/previous.db"
  elif [ -L "$root$lib/previous.db" ]; then
    run rm "$root$lib/previous.db"
  fi
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
  services=$(services_that was_stopped)
  if [ -n "$active" ] && [ "$active" != "$id" ]; then upgrade; fi
  switch_to "$id"
  put_units
  put_configuration
  advice="$prefix/lib/mcr/current/install.sh rollback goes back"
  start_again
  [ -z "$start" ] || start_services
  remove_old
  if [ "$changes" = 0 ]; then say "There is nothing to do: MCR $id is installed"; fi
  [ "$changes" = 0 ] || [ -n "$dry" ] || say "MCR $id is installed"
}

rollback() {
  here_and_now || fail 'There is no going back in a file tree: prepare it anew, with the release before'
  id=$(readlink "$lib/previous") && [ "$id" != "$(readlink "$lib/current")" ] || fail 'There is no version to go back to'
  services=$(services_that is_wanted)
  if [ -n "$restore" ]; then
    saved=$(readlink "$lib/previous.db") && [ -f "$saved" ] ||
      fail "There is no copy of the database from before the upgrade${saved:+: $saved is gone}"
  # The copy also shows whether that version can read the database as it is now.
  elif [ -n "$snapshot" ] && ! copy_database "$lib/$id" "before-rollback-to-$id"; then
    fail "MCR $id cannot use the database as it is now; --restore-database puts the copy back that was made before the upgrade, without what was pushed since"
  fi
  stop_services
  # By the older version, which knows what it can read. It keeps the database of the newer one.
  if [ -n "$restore" ] && ! run as_mcr "$lib/$id/mcrsrv/mcrsrv" restore "$saved" --config "$data/mcr.toml"; then
    start_again
    fail 'The copy was not put back, and the version is still the same'
  fi
  switch_to "$id"
  # Only one step back: the newer version is not a previous one.
  run rm -f "$lib/previous" "$lib/previous.db"
  start_again
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

finish() {
  rm -rf "$scratch"
  [ -n "$dry" ] || ! here_and_now || [ ! -s "$lib/.stopped" ] ||
    printf 'install.sh: Still stopped: %s; %s/install.sh starts them\n' "$(tr '\n' ' ' <"$lib/.stopped")" "$lib/current" >&2
}

parse "$@"
root=${DESTDIR-}
root=${root%/}
here=$(dirname -- "$(readlink -f -- "$0")")
if [ -z "$prefix" ]; then
  prefix=/usr/local
  if [ -e "$here/.installed" ]; then case $here in */lib/mcr/*) prefix=${here%/lib/mcr/*} && prefix=${prefix#"$root"} ;; esac; fi
fi
case $prefix in
  *[!A-Za-z0-9/._+-]*) fail '--prefix must be of letters, digits and / . _ + -' ;;
  /*) ;;
  *) fail '--prefix must be an absolute path' ;;
esac
prefix=${prefix%/}
lib=$prefix/lib/mcr
advice=''
if here_and_now && [ "$(id -u)" != 0 ]; then fail 'Run this as root, or with DESTDIR'; fi
scratch=$(mktemp -d)
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
case $action in
  install) install_release ;;
  rollback) rollback ;;
  uninstall) uninstall ;;
esac
