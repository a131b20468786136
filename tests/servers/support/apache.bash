# A real Apache with WebDAV, of the test's own: in a folder of its own, on a free port of loopback.

start_apache() { # sets $dav (the folder of the pages), $dav_url
	apache=$(mktemp -d "${TMPDIR:-/tmp}/referat-apache.XXXXXX")
	dav=$apache/pages
	mkdir "$dav" "$apache/lock"
	printf 'webb:%s\n' "$(openssl passwd -apr1 hemligt)" >"$apache/passwords"
	[ "$(id -u)" -ne 0 ] || chown -R www-data "$apache"
	local port
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	dav_url=http://127.0.0.1:$port
	apache_conf "$port" >"$apache/conf"
	apache2 -f "$apache/conf" -k start 3>&-
	wait_until dav_answers
}

apache_conf() { # apache_conf PORT
	local module
	echo "ServerRoot /usr/lib/apache2"
	for module in mpm_event authn_core authn_file authz_core authz_user auth_basic mime dav dav_fs; do
		echo "LoadModule ${module}_module modules/mod_$module.so"
	done
	[ "$(id -u)" -ne 0 ] || printf 'User www-data\nGroup www-data\n'
	cat <<-END
		Listen 127.0.0.1:$1
		ServerName 127.0.0.1
		PidFile $apache/pid
		ErrorLog $apache/errors
		CustomLog $apache/requests "%m %U %>s %{If}i"
		Mutex file:$apache default
		TypesConfig /etc/mime.types
		DavLockDB $apache/lock/db
		DocumentRoot $dav
		<Directory $dav>
			Dav On
			AuthType Basic
			AuthName pages
			AuthUserFile $apache/passwords
			Require valid-user
		</Directory>
	END
}

dav_answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$dav_url/")" = 401 ]; }

# As an editor with the same account would.
edit() { curl -sS -f -u webb:hemligt "$@"; }

end_apache() {
	apache2 -f "$apache/conf" -k stop 2>/dev/null || true
	for _ in {1..100}; do
		[ -e "$apache/pid" ] || break
		sleep 0.05
	done
	rm -rf "$apache"
}
