/* A target that uses what version 1.1 of the border brought, by itself: a request that is signed, and an answer's Link. */
#include <referat/plugin.h>

static enum referat_result put(struct referat_call *call)
{
	const struct referat_host *host = call->host;
	const struct referat_http request = {.method = "PUT",
					     .url = host->option(call, "url"),
					     .type = "text/plain",
					     .body = host->get(call, "title"),
					     .user = "key",
					     .password = "secret",
					     .s3_region = "eu-north-1"};
	struct referat_answer answer = {.link = NULL};
	host->http(call, &request, sizeof request, &answer, sizeof answer);
	if (!answer.link)
		return REFERAT_FAIL;
	host->published(call, host->get(call, "id"), answer.location, answer.link[0] ? answer.link : "no links");
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "where the title goes"},
};

REFERAT_EXPORT const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.second",
    .version = "1.1",
    .summary = "puts a title into a bucket",
    .accepts = "referat.card/1",
    .capabilities = REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
};
