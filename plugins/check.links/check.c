/* check.links: every link leads somewhere that it may lead to, its label says where, and no two labels that sound alike
 * lead to different places. A line that looks like a link and has lost its address is told too. */
#include "links.h"

#include <referat/message.h>
#include <referat/view.h>

#include <stdlib.h>
#include <string.h>

enum {
	MOST_FINDINGS = 100,
	MOST_LINKS = 10000, /* whose labels are looked at */
};

struct link {
	const char *label; /* in lower case, trimmed */
	const char *href;
	struct referat_passage passage;
	size_t start, end;
	size_t order;
};

struct check {
	struct referat_call *call;
	const Referat__Document *document;
	const Referat__Publisher *publisher; /* NULL: none was given */
	unsigned found;
	size_t n_labels;
	struct link *links; /* with good labels */
	size_t n_links;
};

static void report(struct check *check, const char *rule, enum referat_severity severity, const struct link *link,
		   const char *scheme)
{
	if (check->found > MOST_FINDINGS)
		return;
	struct referat_call *call = check->call;
	if (check->found++ == MOST_FINDINGS) {
		referat_finding(
		    call, "links-more", REFERAT_WARNING, REFERAT_NOWHERE,
		    referat_say(call, "check.links.more", "most", referat_format(call, "%d", MOST_FINDINGS), NULL));
		return;
	}
	const char *label = referat_quote(call, link->passage.text, link->start, link->end);
	const char *text =
	    referat_say(call, referat_format(call, "check.links.%s", rule), "where",
			referat_where(call, &link->passage), "label", label ? label : "…", "scheme", scheme, NULL);
	referat_finding(call, rule, severity, referat_place_in(&link->passage, link->start, link->end), text);
}

/* ---- one link --------------------------------------------------------------------------------------------------- */

static void check_address(struct check *check, const struct link *link)
{
	const char *scheme = "";
	switch (address_kind(check->call, link->href, &scheme)) {
	case ADDRESS_MISSING:
		report(check, "address-missing", REFERAT_WARNING, link, scheme);
		break;
	case ADDRESS_RELATIVE:
		report(check, "address-relative", REFERAT_WARNING, link, scheme);
		break;
	case ADDRESS_BROKEN:
		report(check, "address-broken", REFERAT_WARNING, link, scheme);
		break;
	case ADDRESS_REFUSED:
		report(check, "address-refused", REFERAT_ERROR, link, scheme);
		break;
	case ADDRESS_GOOD:
		break;
	}
}

static void remember(struct check *check, const struct link *link)
{
	if (!check->links)
		check->links = referat_alloc(check->call, MOST_LINKS * sizeof(*check->links));
	check->links[check->n_links] = *link;
	check->links[check->n_links].order = check->n_links;
	check->n_links++;
}

static void check_label(struct check *check, struct link *link)
{
	if (link->end - link->start > MOST_LABEL || check->n_labels++ >= MOST_LINKS)
		return;
	link->label = label_trim(check->call, link->passage.text + link->start, link->end - link->start);
	switch (label_kind(link->label)) {
	case LABEL_EMPTY:
		report(check, "label-empty", REFERAT_WARNING, link, "");
		break;
	case LABEL_VAGUE:
		report(check, "label-vague", REFERAT_WARNING, link, "");
		break;
	case LABEL_ADDRESS:
		report(check, "label-address", REFERAT_NOTE, link, "");
		break;
	case LABEL_GOOD:
		if (link->href && *link->href)
			remember(check, link);
		break;
	}
}

/* ---- a line that should be one ---------------------------------------------------------------------------------- */

static bool is_set(const char *address)
{
	return address && *address;
}

/* Has the publisher file an address for what the notice speaks of? The page links it there. */
static bool has_address(const struct check *check, Referat__NoticeRole role)
{
	static const Referat__Publisher no_publisher = REFERAT__PUBLISHER__INIT;
	static const Referat__BoardEntry no_board = REFERAT__BOARD_ENTRY__INIT;
	const Referat__Publisher *publisher = check->publisher ? check->publisher : &no_publisher;
	const Referat__Board *named = check->document->board;
	const Referat__BoardEntry *board = named && named->id ? referat_board(publisher, named->id) : NULL;
	if (!board)
		board = &no_board;
	switch (role) {
	case REFERAT__NOTICE_ROLE__HOME_LINK:
		return is_set(publisher->home);
	case REFERAT__NOTICE_ROLE__DOCUMENTS:
		return is_set(board->documents) || is_set(publisher->documents);
	case REFERAT__NOTICE_ROLE__MEETINGS:
		return is_set(board->meetings) || is_set(board->members);
	case REFERAT__NOTICE_ROLE__FOLLOW:
		return is_set(publisher->all_decisions) || is_set(publisher->subscribe);
	default:
		return true;
	}
}

static void check_lost(struct check *check, const struct referat_passage *passage)
{
	bool line = passage->block->kind == REFERAT__BLOCK_KIND__LINK_LINE;
	if (passage->notice && (!line || has_address(check, passage->notice->role)))
		return;
	if (!line && !label_invites(passage->text))
		return;
	struct link link = {.passage = *passage, .end = strlen(passage->text)};
	report(check, "address-lost", passage->notice ? REFERAT_NOTE : REFERAT_WARNING, &link, "");
}

static bool check_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	const Referat__Block *block = passage->block;
	if (!block)
		return true;
	size_t size = strlen(passage->text);
	size_t n_links = 0;
	for (size_t i = 0; i < block->n_spans; i++) {
		const Referat__Span *span = block->spans[i];
		if (span->kind != REFERAT__SPAN_KIND__LINK)
			continue;
		n_links++;
		struct link link = {.href = span->href, .passage = *passage, .start = span->start, .end = span->end};
		if (link.end > size || link.start > link.end)
			link.start = link.end = 0;
		check_address(check, &link);
		check_label(check, &link);
	}
	if (n_links == 0 && size > 0)
		check_lost(check, passage);
	return check->found <= MOST_FINDINGS;
}

/* ---- links that sound alike ------------------------------------------------------------------------------------- */

static int compare_links(const void *left, const void *right)
{
	const struct link *a = left;
	const struct link *b = right;
	int order = strcmp(a->label, b->label);
	if (order != 0)
		return order;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Tells each label once. */
static void check_repeated(struct check *check)
{
	if (check->n_links == 0)
		return;
	qsort(check->links, check->n_links, sizeof(*check->links), compare_links);
	const struct link *first = check->links;
	bool told = false;
	for (size_t i = 1; i < check->n_links; i++) {
		const struct link *link = &check->links[i];
		if (strcmp(link->label, first->label) != 0) {
			first = link;
			told = false;
		} else if (!told && strcmp(link->href, first->href) != 0) {
			report(check, "label-repeated", REFERAT_WARNING, link, "");
			told = true;
		}
	}
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
	referat_passages(check.document, check_passage, &check);
	check_repeated(&check);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.links",
    .version = REFERAT_VERSION,
    .summary = "says which links lead nowhere, and which labels do not say where they lead",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .run = run,
};
