#!/bin/sh
# Installs the Debian packages of deploy/packages that are missing: as root, or through sudo. Quick when none is.
#
# Usage: deploy/setup.sh build|all      what it takes to build and run; that, and what the tests need
set -eu
list=$(dirname "$0")/packages
wanted() {
	if [ "$1" = build ]; then
		sed '/^# -- to test/,$d' "$list"
	else
		cat "$list"
	fi | grep -v '^#'
}
if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is not Debian; install what $list names by the means of your system, then run 'make SETUP=no'" >&2
	exit 1
fi
# Another package may provide one of them: the makers' own nodejs has npm in it.
there=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}, ${Provides}\n' | sed -n 's/^ii *//p' | tr ', ' '\n\n')
missing=
for package in $(wanted "${1:-all}"); do
	printf '%s\n' "$there" | grep -qxF "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	as_root=env
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	as_root=sudo
else
	echo "setup: packages are missing; run as root:  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi
echo "setup: installing$missing"
# A test starts a Postfix of its own; the package is to start none.
case "$missing " in
*" postfix "*) echo 'postfix postfix/main_mailer_type select No configuration' | $as_root debconf-set-selections ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
	--no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 $missing; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "setup: apt-get failed (above); correct that, then run make again" >&2
	exit 1
fi
