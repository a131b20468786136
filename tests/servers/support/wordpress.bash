# What the tests with a real WordPress need: it and its database, in a folder of this file of tests.
. "$BATS_TEST_DIRNAME/support/servers.bash"

missing_packages() { # prints the words for a skip, when a server can't be had here
	local need
	for need in /usr/share/wordpress/wp-load.php /usr/sbin/mariadbd /usr/sbin/nginx /usr/bin/php; do
		[ -e "$need" ] || echo "$need is not installed: install wordpress, mariadb-server, nginx-light, php-cli, php-mysql"
	done | head -n 1
}

write_settings() { # of WordPress. Application passwords go without TLS in the environment "local" only.
	cat >"$servers/wordpress/wp-config.php" <<-END
		<?php
		define('DB_NAME', 'wordpress');
		define('DB_USER', 'root');
		define('DB_PASSWORD', '');
		define('DB_HOST', 'localhost:$servers/database/socket');
		define('DB_CHARSET', 'utf8mb4');
		define('DB_COLLATE', '');
		define('WP_ENVIRONMENT_TYPE', 'local');
		define('WP_HOME', 'http://' . \$_SERVER['HTTP_HOST']);
		define('WP_SITEURL', WP_HOME);
		define('DISABLE_WP_CRON', true);
		define('WP_HTTP_BLOCK_EXTERNAL', true);
		define('AUTOMATIC_UPDATER_DISABLED', true);
		define('WP_DEFAULT_THEME', 'exempelby');
		foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as \$name) {
		    define("{\$name}_KEY", "key of \$name in a test");
		    define("{\$name}_SALT", "salt of \$name in a test");
		}
		\$table_prefix = 'wp_';
		defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
		require ABSPATH . 'wp-settings.php';
	END
}

# WordPress at $site, and as users with an application password in $servers/<user>.
start_wordpress() {
	local parts=$BATS_TEST_DIRNAME/support/wordpress root=$servers/wordpress port
	read -r port <<<"$(free_ports 1)"
	site=http://127.0.0.1:$port
	start_database wordpress
	cp -aL /usr/share/wordpress "$root"
	mkdir -p "$root/wp-content/mu-plugins" "$root/wp-content/uploads" "$root/wp-content/themes"
	cp "$parts/faults.php" "$root/wp-content/mu-plugins/"
	cp -r "$parts/theme" "$root/wp-content/themes/exempelby"
	write_settings
	php -d display_errors=stderr "$parts/install.php" "$root" "$site" >"$servers/install.log" 2>&1
	PHP_CLI_SERVER_WORKERS=4 keep_process php php -d opcache.enable_cli=1 -S "127.0.0.1:$port" -t "$root" \
		"$parts/router.php"
	wait_for curl -sf "$site/?rest_route=/"
}

# ---- of each file of tests ---------------------------------------------------------------------------------------------

set_up_wordpress() { # for setup_file: everything started, and the secrets of a definition in $servers/secrets
	local why
	why=$(missing_packages)
	[ -z "$why" ] || skip "$why"
	servers=$(mktemp -d /tmp/referat-servers-XXXXXX)
	chmod 755 "$servers"
	export servers
	start_wordpress
	export site
	mkdir -m 700 "$servers/secrets"
	(umask 077 && cp "$servers"/{referat,skribent,medarbetare} "$servers/secrets/" && printf fel >"$servers/secrets/wrong")
}

# ---- looking into it as a person does --------------------------------------------------------------------------------

as_editor() { # as_editor PATH [CURL'S OPTIONS...]
	local path=$1
	shift
	curl -sf -g -u "referat:$(<"$servers/referat")" "$site/?rest_route=$path" "$@"
}

every=publish,future,draft,pending,private,trash

# posts EXPRESSION [QUERY]: of every post, what the Python expression on `post` says, a line each
posts() {
	as_editor "/wp/v2/posts&status=$every&per_page=100&context=edit&orderby=id&order=asc${2:+&$2}" | /usr/bin/python3 -c '
import json, sys
for post in json.load(sys.stdin):
    print(eval(sys.argv[1]))' "$1"
}

edit() { # edit NUMBER JSON: what a person does in WordPress
	as_editor "/wp/v2/posts/$1" -H 'Content-Type: application/json' -d "$2" >/dev/null
}

# stored TEXT: how many rows of the database have it, in posts, revisions and what else there is of a post
stored() {
	mariadb --no-defaults -uroot -S "$servers/database/socket" wordpress -N -e "
		SELECT (SELECT count(*) FROM wp_posts WHERE concat(post_title, post_excerpt, post_content) LIKE '%$1%')
		     + (SELECT count(*) FROM wp_postmeta WHERE meta_value LIKE '%$1%')"
}

faults() { # faults "METHOD ROUTE before|after WHAT"...
	printf '%s\n' "$@" >"$servers/wordpress/wp-content/faults"
}

no_faults_left() {
	[ ! -s "$servers/wordpress/wp-content/faults" ]
}

empty_wordpress() {
	local id
	rm -f "$servers/wordpress/wp-content/faults"
	for id in $(posts 'post["id"]'); do
		as_editor "/wp/v2/posts/$id&force=true" -X DELETE >/dev/null
	done
	for id in $(as_editor '/wp/v2/media&per_page=100' | jq -r '.[].id'); do
		as_editor "/wp/v2/media/$id&force=true" -X DELETE >/dev/null
	done
}
