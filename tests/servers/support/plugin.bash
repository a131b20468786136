# A target's plugin alone, called as a stage calls it. What the calls are about is in call.json.

# document ID TEXT [NAME=VALUE...]: what the next calls are about. NAMEs are values as the broker gives them.
document() {
	/usr/bin/python3 - "$@" >call.json <<-'END'
		import json, sys
		id, text, *pairs = sys.argv[1:]
		page = f"<!DOCTYPE html><html><body><main><article><h1>Nämnden</h1><h2 id=\"b1\">Beslut</h2><p>{text}</p></article></main></body></html>"
		card = {"document": id, "title": "Nämnden & beslut", "board_id": "namnden", "board_name": "Nämnden",
		        "day": "2024-05-08", "short_text": "Kort om besluten.", "path": f"2024/namnden-{id}/"}
		print(json.dumps({"values": {"id": id, "digest": text, **dict(pair.split("=", 1) for pair in pairs)},
		    "parts": {"card": {"type": "referat.card/1", "json": card},
		              "rendition/page": {"type": "text/html", "text": page}}}))
	END
}

# call_plugin NAME [OPTION...]: sets $result, $reason, $remote_id, $revision, $url and $conflict to what comes of it.
call_plugin() {
	referat plugins try "$1" call.json --json --send "${@:2}" >answer.json 2>try.log || true
	eval "$(jq -r '{result, reason, conflict: .attributes.conflict, remote_id: .published.remote_id, url: .published.url,
		revision: .published.remote_revision} | to_entries[] | "\(.key)=\(.value // "" | @sh)"' answer.json)"
}

# What the broker does: looks up where it is not known what became of an attempt, and puts what is not there. The test says
# what `try [OPTION...]` is.
put_at_last() { # put_at_last [OPTION...]
	for _ in 1 2 3 4 5; do
		try "$@"
		[ "$result" != unknown ] || try --lookup "$@"
		[ "$result" != ok ] || return 0
	done
	echo "$result: $reason"
	return 1
}
