#!/bin/sh
# Installs a build, and takes it away again.
#
# Usage: deploy/install.sh install|uninstall BUILD DESTDIR PREFIX VERSION    (make install, make uninstall)
#
#   bin/                       the programs
#   lib/referat/plugins/       the plugins
#   share/referat/             what plugins read: templates, languages; and `installed`, the list of what was put there
#   share/man/                 manual pages
#   share/bash-completion/     completion for bash
#   lib/systemd/system/, lib/sysusers.d/, lib/tmpfiles.d/     a pipeline as a service, its user, its folders
#   include/referat/, lib/libreferat-plugin.a, lib/pkgconfig/referat-plugin.pc     for those who write plugins
#
# What was installed is written down, so that uninstall takes away just that, and a newer version what the older left.
set -eu
action=$1 build=$2 root=$3$4 prefix=$4 version=$5
source=$(dirname "$0")/..
list=$root/share/referat/installed

case $prefix in
/*) ;;
*) echo "install: PREFIX must be an absolute path: '$prefix'" >&2 && exit 64 ;;
esac

# put MODE FILE PLACE: installs a file (by rename: a program that runs keeps its old bytes) and notes it.
put() {
	mkdir -p "$root/$(dirname "$3")"
	install -m "$1" "$2" "$root/$3.new"
	mv -f "$root/$3.new" "$root/$3"
	echo "$3" >>"$noted"
}

# put_all MODE FOLDER PLACE: everything below a folder.
put_all() {
	[ -d "$2" ] || return 0
	(cd "$2" && find . -type f | sort) | while read -r file; do
		put "$1" "$2/$file" "$3/${file#./}"
	done
}

pkg_config() {
	cat <<-END
		prefix=$prefix
		includedir=\${prefix}/include
		libdir=\${prefix}/lib
		plugindir=\${libdir}/referat/plugins

		Name: referat-plugin
		Description: what a plugin for Referat is built with
		Version: $version
		Requires: libprotobuf-c json-c icu-uc icu-i18n
		Cflags: -I\${includedir}
		Libs: -L\${libdir} -lreferat-plugin
	END
}

# systemd looks for its own in lib below /usr/local as below /usr.
put_service() {
	sed "s|@bindir@|$prefix/bin|" "$source/deploy/systemd/referat@.service" >"$old"
	put 644 "$old" lib/systemd/system/referat@.service
	put 644 "$source/deploy/systemd/sysusers.conf" lib/sysusers.d/referat.conf
	put 644 "$source/deploy/systemd/tmpfiles.conf" lib/tmpfiles.d/referat.conf
}

remove() {
	(cd "$root" && xargs -r -d '\n' rm -f --) <"$1"
	# The folders that are empty now, deepest first; never the prefix itself.
	sed 's|/[^/]*$||' "$1" | sort -u | while read -r folder; do
		(cd "$root" && while [ "$folder" != . ] && rmdir -- "$folder" 2>/dev/null; do
			folder=$(dirname "$folder")
		done) || true
	done
}

install_all() {
	noted=$(mktemp)
	old=$(mktemp)
	trap 'rm -f "$noted" "$old"' EXIT
	put_all 755 "$build/bin" bin
	put_all 755 "$build/lib/referat/plugins" lib/referat/plugins
	put_all 644 "$build/share/referat" share/referat
	put_all 644 "$build/share/man" share/man
	put_service
	put 644 "$source/share/completion/referat.bash" share/bash-completion/completions/referat
	for header in "$source"/include/referat/*.h "$source/include/referat/document.proto" \
		"$build/gen/referat/document.pb-c.h"; do
		put 644 "$header" "include/referat/$(basename "$header")"
	done
	put 644 "$build/lib/libreferat-plugin.a" lib/libreferat-plugin.a
	pkg_config >"$old"
	put 644 "$old" lib/pkgconfig/referat-plugin.pc
	echo share/referat/installed >>"$noted"

	if [ -f "$list" ]; then
		grep -vxF -f "$noted" "$list" >"$old" || true
		remove "$old"
	fi
	mkdir -p "$(dirname "$list")"
	install -m 644 "$noted" "$list"
	echo "installed $(wc -l <"$noted") files under $root"
}

uninstall_all() {
	if [ ! -f "$list" ]; then
		echo "uninstall: nothing is noted in $list" >&2
		exit 1
	fi
	old=$(mktemp)
	trap 'rm -f "$old"' EXIT
	cp "$list" "$old"
	remove "$old"
	echo "removed $(wc -l <"$old") files from $root"
}

case $action in
install) install_all ;;
uninstall) uninstall_all ;;
*) echo "usage: $0 install|uninstall BUILD DESTDIR PREFIX VERSION" >&2 && exit 64 ;;
esac
