/* summariser.decisions: the short form of a document, from its lead and its decisions. What a person wrote is taken as
 * it stands; what is written of minutes is marked as generated, is proved against them, and waits for a person if the
 * definition says so. */
#include "summary.h"

#include <string.h>

static enum referat_result approve(struct referat_call *call, bool generated)
{
	const char *when = referat_option(call, "approve");
	if (strcmp(when, "always") != 0 && (!generated || strcmp(when, "never") == 0))
		return REFERAT_OK;
	const char *key = generated ? "summariser.decisions.approve" : "summariser.decisions.approve-own";
	return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, key, "id", referat_get(call, "id"), NULL));
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	Referat__Summary summary = REFERAT__SUMMARY__INIT;
	summary.has_generated = true;
	summary.generated = document->kind != REFERAT__KIND__SUMMARY;
	bool minutes = document->kind == REFERAT__KIND__MINUTES;
	if (minutes && minutes_make(call, document, &summary) != REFERAT_OK)
		return REFERAT_FAIL;
	if (!minutes)
		items_make(call, document, &summary);
	short_text_make(call, document, &summary);
	if (minutes) {
		referat_set(call, "title", summary.title);
		doubts_add(call, document, &summary);
		draft_add(call, document, &summary);
	}
	referat_add_message(call, "summary", "referat.summary/1", &summary.base);
	const char *missing = minutes ? grounds_missing(call, document, &summary) : NULL;
	return missing ? referat_because(call, REFERAT_HOLD, "%s", missing) : approve(call, summary.generated);
}

static const struct referat_option options[] = {
    {"approve", REFERAT_CHOICE, .fallback = "generated", .choices = "generated|always|never",
     .help = "which summaries a person approves before they go on"},
    {"words", REFERAT_PATH,
     .help = "a list of plain words for summaries of minutes, instead of the one that is installed"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_SUMMARISER,
    .name = "summariser.decisions",
    .version = REFERAT_VERSION,
    .summary = "takes the decisions out of a summary as they stand, and writes a summary of minutes",
    .accepts = "referat.document/1",
    .produces = "referat.summary/1",
    .capabilities = REFERAT_GENERATES,
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .run = run,
};
