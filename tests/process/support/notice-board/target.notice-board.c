/* target.notice-board: puts notices on a board with a small HTTP API. It is built outside the tree, against the
 * installed files alone (tests/process/sdk.bats), and is the plugin that docs/plugins.md starts with. */
#include <referat/plugin.h>

#include <string.h>

static const struct referat_option options[] = {
    {"url", REFERAT_URL, .required = true, .help = "notice API, ending in /"},
    {"token", REFERAT_SECRET, .required = true, .help = "API token"},
};

static const char *notice(struct referat_call *c)
{
	return referat_format(c, "%s%s", referat_option(c, "url"), referat_get(c, "id"));
}

static struct referat_answer ask(struct referat_call *c, const char *method, const char *body)
{
	return referat_http(c, (struct referat_http){.method = method,
						     .url = notice(c),
						     .bearer = referat_option(c, "token"),
						     .type = body ? "application/json" : NULL,
						     .body = body});
}

static enum referat_result put(struct referat_call *c)
{
	const char *body = referat_json(c, "title", referat_get(c, "title"), "html", referat_rendition(c, "text/html"),
					"digest", referat_get(c, "digest"), NULL);
	struct referat_answer a = ask(c, "PUT", body);
	return referat_http_ok(a) ? referat_published(c, referat_get(c, "id"), a.location, a.etag)
				  : referat_http_error(c, a);
}

static enum referat_result withdraw(struct referat_call *c)
{
	struct referat_answer a = ask(c, "DELETE", NULL);
	return referat_http_ok(a) || a.status == 404 ? REFERAT_OK : referat_http_error(c, a);
}

static enum referat_result lookup(struct referat_call *c)
{
	struct referat_answer a = ask(c, "GET", NULL);
	if (!referat_http_ok(a))
		return referat_http_error(c, a);
	return strstr(a.etag, referat_get(c, "digest")) ? referat_published(c, referat_get(c, "id"), a.location, a.etag)
							: REFERAT_NOT_FOUND;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET, .name = "target.notice-board", .version = "1.0",
    .summary = "puts notices on the board of our intranet",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options, .n_options = sizeof options / sizeof *options,
    .put = put, .withdraw = withdraw, .lookup = lookup,
};
