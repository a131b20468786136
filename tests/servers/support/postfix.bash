# A real Postfix of the test's own: in a folder of its own, on a free port of loopback, with TLS and a mailbox for everybody.
# It sends nothing on. Only root can start one.

start_postfix() { # sets $postfix (its folder), $postfix_port, $postfix_cert
	postfix=$(mktemp -d "${TMPDIR:-/tmp}/referat-postfix.XXXXXX")
	chmod 711 "$postfix"
	mkdir "$postfix/etc" "$postfix/queue" "$postfix/data" "$postfix/box"
	chown postfix "$postfix/data"
	chown nobody:nogroup "$postfix/box"
	postfix_cert=$postfix/cert.pem
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$postfix/etc/key.pem" -out "$postfix_cert" 2>/dev/null
	printf '/./ box/\n' >"$postfix/etc/boxes"
	refuse ''
	postfix_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	postfix_main >"$postfix/etc/main.cf"
	postfix_master >"$postfix/etc/master.cf"
	/usr/sbin/postfix -c "$postfix/etc" start >/dev/null 2>&1 3>&-
	wait_until postfix_answers
}

postfix_main() {
	cat <<-END
		compatibility_level = 3.6
		queue_directory = $postfix/queue
		data_directory = $postfix/data
		inet_interfaces = loopback-only
		inet_protocols = ipv4
		myhostname = mx.test
		mydestination =
		mynetworks = 127.0.0.0/8
		virtual_mailbox_domains = static:all
		virtual_mailbox_base = $postfix
		virtual_mailbox_maps = regexp:$postfix/etc/boxes
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		smtpd_recipient_restrictions = check_recipient_access regexp:$postfix/etc/refused, permit
		smtpd_tls_cert_file = $postfix_cert
		smtpd_tls_key_file = $postfix/etc/key.pem
		smtpd_tls_security_level = may
		smtpd_tls_received_header = yes
		header_checks = regexp:$postfix/etc/headers
		maillog_file = $postfix/log
		maillog_file_prefixes = $postfix
		default_transport = error:nothing is sent on
		alias_maps =
	END
	touch "$postfix/etc/headers"
}

postfix_master() {
	cat <<-END
		127.0.0.1:$postfix_port inet n - n - - smtpd
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		proxymap unix - - n - - proxymap
		anvil unix - - n - 1 anvil
		scache unix - - n - 1 scache
		virtual unix - n n - - virtual
		error unix - - n - - error
		retry unix - - n - - error
		postlog unix-dgram n - n - 1 postlogd
	END
}

postfix_answers() { { exec 9<>"/dev/tcp/127.0.0.1/$postfix_port" && exec 9>&-; } 2>/dev/null; }

refuse() { printf '%s\n' "$1" >"$postfix/etc/refused"; } # refuse 'REGEXP ANSWER': recipients; '': nobody

postfix_reads() { /usr/sbin/postfix -c "$postfix/etc" reload >/dev/null 2>&1; } # tables that were changed

boxed() { find "$postfix/box/new" -type f 2>/dev/null | wc -l; }

end_postfix() {
	/usr/sbin/postfix -c "$postfix/etc" stop >/dev/null 2>&1 || true
	rm -rf "$postfix"
}
