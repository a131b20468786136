/* channel.websub: tells a hub (W3C WebSub) that feeds have changed; the hub tells those who follow them.
 *
 * A hub fetches the feed when it is told, so telling it twice does no harm: what may have been lost is told again. */
#include <referat/remote.h>

#include <string.h>

static enum referat_result put(struct referat_call *call)
{
	const char *feed = referat_percent(call, referat_get(call, "recipient"));
	struct referat_answer answer = referat_http(
	    call, (struct referat_http){.method = "POST",
					.url = referat_option(call, "hub"),
					.type = "application/x-www-form-urlencoded",
					.body = referat_format(call, "hub.mode=publish&hub.url=%s", feed)});
	if (referat_http_ok(answer))
		return referat_published(call, referat_get(call, "key"), NULL, NULL);
	if (answer.status == 404 || answer.status == 410)
		return referat_because(call, REFERAT_YIELD, "%s: there is no hub at the option `hub`", answer.problem);
	return referat_http_error(call, answer);
}

static enum referat_result lookup(struct referat_call *call)
{
	(void)call;
	return REFERAT_NOT_FOUND;
}

/* A hub answers POST alone; that it refuses a look without a question (400, 405) says that it is there. */
static enum referat_result probe(struct referat_call *call)
{
	struct referat_answer answer = referat_http(call, (struct referat_http){.url = referat_option(call, "hub")});
	if (referat_http_ok(answer) || answer.status == 400 || answer.status == 405)
		return REFERAT_OK;
	if (answer.status == 404 || answer.status == 410)
		return referat_because(call, REFERAT_YIELD, "%s: there is no hub at the option `hub`", answer.problem);
	return referat_http_error(call, answer);
}

static enum referat_result recipients(struct referat_call *call)
{
	const char *feeds = referat_option(call, "feeds");
	char *rest = (char *)referat_copy(call, feeds, strlen(feeds));
	for (const char *feed; (feed = strsep(&rest, " \t\r\n"));)
		if (feed[0])
			referat_recipient(call, feed);
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {.name = "hub", .type = REFERAT_URL, .required = true, .help = "address of the hub"},
    {.name = "feeds", .type = REFERAT_STRING, .required = true, .help = "addresses of the feeds, separated by spaces"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHANNEL,
    .name = "channel.websub",
    .version = REFERAT_VERSION,
    .summary = "tells a WebSub hub that feeds have changed",
    .accepts = "referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .lookup = lookup,
    .recipients = recipients,
    .probe = probe,
};
