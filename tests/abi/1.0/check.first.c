/* A check that uses the border of version 1.0 by itself: its header, and the table of the host. */
#include <referat/plugin.h>

#include <string.h>

static const struct referat_option options[] = {
    {"word", REFERAT_STRING, .fallback = "beslutade", .help = "a word that must be there"},
    {"times", REFERAT_INTEGER, .fallback = "1", .min = 1, .max = 10, .help = "how often"},
};

static enum referat_result start(struct referat_call *call)
{
	call->state = (void *)options;
	return REFERAT_OK;
}

static enum referat_result run(struct referat_call *call)
{
	const struct referat_host *host = call->host;
	struct referat_bytes document = host->part(call, "document");
	if (!document.data || call->state != options)
		return REFERAT_FAIL;
	const char *word = host->option(call, "word");
	host->set(call, "checked", word);
	if (!memmem(document.data, document.size, word, strlen(word))) {
		struct referat_place place = {-1, -1, 3, -1, -1};
		host->finding(call, "word-missing", REFERAT_WARNING, &place, sizeof place, host->get(call, "id"));
	}
	host->reason(call, host->option(call, "times"));
	return REFERAT_OK;
}

REFERAT_EXPORT const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.first",
    .version = "1.0",
    .summary = "Looks for a word.",
    .accepts = "referat.document/1",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .run = run,
};
