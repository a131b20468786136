# A real Apache of this file of tests, in the folder $servers: to one address pages are written by WebDAV, through a gate
# that loses answers; at the other residents read them.
. "$BATS_TEST_DIRNAME/support/servers.bash"

start_apache() { # sets $dav (the folder of the pages), $dav_url, $read_url
	local inner gate readers
	read -r inner gate readers <<<"$(free_ports 3)"
	dav=$servers/apache/pages
	mkdir -p "$dav" "$servers/apache/lock"
	printf '%s\n' "webb:$(openssl passwd -apr1 hemligt)" "gast:$(openssl passwd -apr1 gast)" >"$servers/apache/passwords"
	[ "$(id -u)" -ne 0 ] || chown -R www-data "$servers/apache"
	dav_url=http://127.0.0.1:$gate read_url=http://127.0.0.1:$readers
	apache_conf "$inner" "$readers" >"$servers/apache/conf"
	keep_process apache apache2 -f "$servers/apache/conf" -DFOREGROUND
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "$gate" "$inner"
	wait_for dav_answers
}

apache_conf() { # apache_conf PORT OF RESIDENTS
	local module
	echo "ServerRoot /usr/lib/apache2"
	for module in mpm_event authn_core authn_file authz_core authz_user auth_basic mime dir dav dav_fs; do
		echo "LoadModule ${module}_module modules/mod_$module.so"
	done
	[ "$(id -u)" -ne 0 ] || printf 'User www-data\nGroup www-data\n'
	cat <<-END
		Listen 127.0.0.1:$1
		Listen 127.0.0.1:$2
		ServerName 127.0.0.1
		PidFile $servers/apache/pid
		ErrorLog $servers/apache/errors
		CustomLog $servers/apache/requests "%m %U %>s %{If}i"
		Mutex file:$servers/apache default
		TypesConfig /etc/mime.types
		DavLockDB $servers/apache/lock/db
		DocumentRoot $dav
		<VirtualHost 127.0.0.1:$1>
			<Directory $dav>
				Dav On
				AuthType Basic
				AuthName pages
				AuthUserFile $servers/apache/passwords
				<Limit GET OPTIONS PROPFIND>
					Require valid-user
				</Limit>
				<LimitExcept GET OPTIONS PROPFIND>
					Require user webb
				</LimitExcept>
			</Directory>
		</VirtualHost>
		<VirtualHost 127.0.0.1:$2>
			DirectoryIndex index.html
		</VirtualHost>
	END
}

dav_answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$dav_url/")" = 401 ]; }

# As an editor with the same account would.
edit() { curl -sS -f -u webb:hemligt "$@"; }
