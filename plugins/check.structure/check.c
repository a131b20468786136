#include "check.h"

#include <string.h>

enum { MOST_NAMED = 20 /* pages that are told one by one */ };

const struct referat_place nowhere = {.item = -1, .block = -1, .line = -1, .start = -1, .end = -1, .page = -1};

void report(const struct check *check, const char *rule, enum referat_severity severity, struct referat_place place,
	    const char *name, const char *value)
{
	const char *key = referat_format(check->call, "check.structure.%s", rule);
	const char *text =
	    name ? referat_say(check->call, key, name, value, NULL) : referat_say(check->call, key, NULL);
	referat_finding(check->call, rule, severity, place, text);
}

static bool has_text(const char *text)
{
	return text && *text;
}

void check_head(const struct check *check)
{
	const Referat__Document *document = check->document;
	if (!has_text(document->title))
		report(check, "title-missing", REFERAT_ERROR, nowhere, NULL, NULL);
	if (document->kind == REFERAT__KIND__SUMMARY && document->n_lead == 0)
		report(check, "lead-missing", REFERAT_NOTE, nowhere, NULL, NULL);
	if (document->correction && !has_text(document->correction->date))
		report(check, "correction-undated", REFERAT_WARNING, nowhere, NULL, NULL);
}

/* Pages that are pictures may have decisions on them. */
static void check_pages(const struct check *check)
{
	const Referat__Document *document = check->document;
	const char *pages = "";
	for (size_t i = 0; i < document->n_unread_pages && i < MOST_NAMED; i++)
		pages =
		    referat_format(check->call, "%s%s%u", pages, i ? ", " : "", (unsigned)document->unread_pages[i]);
	if (document->n_unread_pages > MOST_NAMED)
		pages = referat_format(check->call, "%s …", pages);
	if (document->n_unread_pages > 0)
		report(check, document->n_unread_pages == 1 ? "page-unread" : "pages-unread", REFERAT_ERROR, nowhere,
		       "pages", pages);
}

static enum referat_result run(struct referat_call *call)
{
	struct check check = {
	    .call = call,
	    .document = referat_unpack(call, "document", &referat__document__descriptor),
	    .publisher = referat_unpack(call, "publisher", &referat__publisher__descriptor),
	};
	if (!check.document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	check_head(&check);
	check_board(&check);
	check_day(&check);
	check_items(&check);
	check_pages(&check);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.structure",
    .version = REFERAT_VERSION,
    .summary = "says what a document lacks, and where it contradicts itself",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .run = run,
};
