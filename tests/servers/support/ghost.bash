# What the tests with a real Ghost need: it and its database, and before it a gate that loses answers, in a folder of this
# file of tests.
. "$BATS_TEST_DIRNAME/support/servers.bash"

ghost_folder=$BATS_TEST_DIRNAME/../../build/ghost
editor_password='ett mycket hemligt ord'

# Ghost's database client is told all by the environment, so that nothing is written where Ghost is installed.
run_ghost() { # run_ghost PORT
	cd "$ghost_folder" && keep_process ghost env NODE_ENV=production url="$site" server__port="$1" \
		database__client=mysql database__connection__socketPath="$servers/database/socket" \
		database__connection__user=root database__connection__password= database__connection__database=ghost \
		paths__contentPath="$servers/content" mail__transport=Direct logging__transports='["stdout"]' \
		privacy__useUpdateCheck=false privacy__useGravatar=false privacy__useRpcPing=false \
		security__staffDeviceVerification=false node index.js
}

ghost_answers() { # it answers 503 while it starts
	[ "$(curl -sf "$site/ghost/api/admin/site/" | jq -r '.site.version')" = 5.130 ]
}

# Ghost at $site, through the gate; its owner logged in; the key of an integration in $servers/key.
start_ghost() {
	local port inner
	read -r port inner <<<"$(free_ports 2)"
	site=http://127.0.0.1:$port
	start_database ghost
	cp -r "$ghost_folder/content" "$servers/content"
	(run_ghost "$inner")
	keep_process gate /usr/bin/python3 "$BATS_TEST_DIRNAME/support/fault_gate.py" "$servers" "$port" "$inner"
	wait_for ghost_answers
	as_editor POST authentication/setup/ "$(jq -n --arg password "$editor_password" '{setup: [{name: "Redaktör",
		email: "redaktor@exempelby.example", password: $password, blogTitle: "Exempelby"}]}')" >/dev/null
	as_editor POST session/ "$(jq -n --arg password "$editor_password" '{username: "redaktor@exempelby.example",
		password: $password}')" >/dev/null
	as_editor POST 'integrations/?include=api_keys' '{"integrations": [{"name": "Referat"}]}' >"$servers/integration"
}

set_up_ghost() { # in setup_file; skips where a server can't be had
	local need said
	for need in mariadbd nginx node npm jq; do
		command -v "$need" >/dev/null || skip "$need is not installed: install mariadb-server, nginx-light, nodejs, npm, jq"
	done
	said=$("$BATS_TEST_DIRNAME/ghost/setup" 2>&1) || skip "Ghost can't be had from npm: $(tail -n 1 <<<"$said")"
	export no_proxy='*' # whatever the machine has set
	new_servers
	start_ghost
	export site
	mkdir -m 700 "$servers/secrets"
	(
		umask 077
		jq -rj '.integrations[0].api_keys[] | select(.type == "admin") | .secret' "$servers/integration" >"$servers/secrets/key"
		jq -rj '.integrations[0].api_keys[] | select(.type == "content") | .secret' "$servers/integration" >"$servers/secrets/content"
		tr 0-9a-f 1-9a-f0 <"$servers/secrets/key" >"$servers/secrets/unknown"
		{ cut -d: -f1 "$servers/secrets/key" | tr '\n' :; head -c 64 /dev/zero | tr '\0' a; } >"$servers/secrets/wrong"
	)
}

# ---- looking into it as a person does --------------------------------------------------------------------------------

as_editor() { # as_editor METHOD PATH [JSON]: the owner, in a browser's session
	curl -sf -g -X "$1" -b "$servers/cookies" -c "$servers/cookies" -H "Origin: $site" -H 'Content-Type: application/json' \
		"$site/ghost/api/admin/$2" ${3:+-d "$3"}
}

# posts EXPRESSION [FILTER]: of every post, what the Python expression on `post` says, a line each
posts() {
	as_editor GET "posts/?limit=all&order=id%20asc&formats=html&include=tags,authors${2:+&filter=$2}" | /usr/bin/python3 -c '
import json, sys
for post in json.load(sys.stdin)["posts"]:
    print(eval(sys.argv[1]))' "$1"
}

# Ghost tells changes apart by the second: a person's comes in a later one than what was there.
edit() { # edit ID MEMBERS: what a person does in Ghost
	local updated
	updated=$(as_editor GET "posts/$1/" | jq -r '.posts[0].updated_at')
	wait_for eval "[ $(date +%s -d "$updated") -lt \$(date +%s) ]"
	as_editor PUT "posts/$1/" "$(jq -n --arg updated "$updated" "{posts: [$2 + {updated_at: \$updated}]}")" >/dev/null
}

write_text() { # write_text ID HTML: the editor puts another text there
	edit "$1" "{lexical: ({root: {children: [{type: \"html\", version: 1, html: \"$2\"}], direction: null, format: \"\",
		indent: 0, type: \"root\", version: 1}} | tostring)}"
}

empty_ghost() {
	rm -f "$servers"/{faults,one-in-three,answers,go}
	as_editor DELETE db/
}

in_database() { # in_database SQL
	mariadb --no-defaults -uroot -S "$servers/database/socket" ghost -N -e "$1"
}
