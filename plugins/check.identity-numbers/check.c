/* check.identity-numbers: no identity number of a person may be published. A finding says where one stands and never
 * which, and can't be released: the number is taken away at the source. */

#include <referat/message.h>
#include <referat/passages.h>
#include <referat/swedish.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_FINDINGS = 100 };

struct check {
	struct referat_call *call;
	unsigned found;
};

static const struct referat_place nowhere = {.item = -1, .block = -1, .line = -1, .start = -1, .end = -1, .page = -1};

static const char *count(struct check *check, size_t number)
{
	return referat_format(check->call, "%zu", number);
}

/* False: there have been enough. */
static bool report(struct check *check, struct referat_place place, const char *text)
{
	if (check->found > MOST_FINDINGS)
		return false;
	if (check->found++ == MOST_FINDINGS) {
		place = nowhere;
		text =
		    referat_say(check->call, "check.identity-numbers.more", "most", count(check, MOST_FINDINGS), NULL);
	}
	referat_finding(check->call, "identity-number", REFERAT_FORBIDDEN, place, text);
	return true;
}

static bool has_number(const char *text)
{
	struct referat_range where;
	return text && referat_identity_number(text, 0, &where);
}

/* Blocks joined by line ends, so that a number that is broken between two is seen. */
struct joined {
	const char *text;
	size_t *starts; /* of each block, and the end */
	size_t n;
};

static struct joined join(struct check *check, size_t n, Referat__Block **blocks)
{
	size_t size = 0;
	for (size_t i = 0; i < n; i++)
		size += (blocks[i]->text ? strlen(blocks[i]->text) : 0) + 1;
	char *text = referat_alloc(check->call, size + 1);
	struct joined joined = {text, referat_alloc(check->call, (n + 1) * sizeof(size_t)), n};
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		joined.starts[i] = at;
		size_t length = blocks[i]->text ? strlen(blocks[i]->text) : 0;
		memcpy(text + at, blocks[i]->text ? blocks[i]->text : "", length);
		at += length;
		text[at++] = '\n';
	}
	joined.starts[n] = at;
	return joined;
}

/* The place of a range: the block it begins in, and as much of the range as is in it. */
static struct referat_place place_in(const struct joined *joined, int32_t item, struct referat_range where)
{
	size_t block = 0;
	while (block + 1 < joined->n && joined->starts[block + 1] <= where.start)
		block++;
	size_t block_end = joined->starts[block + 1] - 1;
	size_t end = where.end < block_end ? where.end : block_end;
	return (struct referat_place){.item = item,
				      .block = (int32_t)block,
				      .line = -1,
				      .start = (int32_t)(where.start - joined->starts[block]),
				      .end = (int32_t)(end - joined->starts[block])};
}

static const char *say_lead(struct check *check, struct referat_place place)
{
	return referat_say(check->call, "check.identity-numbers.lead", "paragraph",
			   count(check, (size_t)place.block + 1), NULL);
}

static const char *say_item(struct check *check, struct referat_place place, const char *heading)
{
	const char *paragraph = count(check, (size_t)place.block + 1);
	if (heading)
		return referat_say(check->call, "check.identity-numbers.item", "heading", heading, "paragraph",
				   paragraph, NULL);
	return referat_say(check->call, "check.identity-numbers.item-number", "number",
			   count(check, (size_t)place.item + 1), "paragraph", paragraph, NULL);
}

/* Checks the blocks of an item (with its heading when that may be quoted) or, item -1, of the lead. */
static void check_blocks(struct check *check, int32_t item, const char *heading, size_t n, Referat__Block **blocks)
{
	if (n == 0)
		return;
	struct joined joined = join(check, n, blocks);
	size_t from = 0;
	struct referat_range where;
	while (referat_identity_number(joined.text, from, &where)) {
		from = where.end;
		struct referat_place place = place_in(&joined, item, where);
		if (!report(check, place, item < 0 ? say_lead(check, place) : say_item(check, place, heading)))
			return;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < blocks[i]->n_spans; k++)
			if (has_number(blocks[i]->spans[k]->href)) {
				struct referat_place place = nowhere;
				place.item = item;
				place.block = (int32_t)i;
				report(check, place,
				       item < 0 ? say_lead(check, place) : say_item(check, place, heading));
			}
}

static void check_item(struct check *check, size_t index, const Referat__Item *item)
{
	const char *heading = item->heading && *item->heading ? item->heading : NULL;
	if (has_number(heading)) {
		struct referat_place place = nowhere;
		place.item = (int32_t)index;
		report(check, place,
		       referat_say(check->call, "check.identity-numbers.heading", "number", count(check, index + 1),
				   NULL));
		heading = NULL;
	}
	check_blocks(check, (int32_t)index, heading ? referat_quote_heading(check->call, item) : NULL, item->n_blocks,
		     item->blocks);
}

/* A text that has no place of its own among lead and items. */
static void check_text(struct check *check, const char *text, const char *key)
{
	struct referat_range where;
	if (!text)
		return;
	for (size_t from = 0; referat_identity_number(text, from, &where); from = where.end)
		if (!report(check, nowhere, referat_say(check->call, key, NULL)))
			return;
}

static void check_notices(struct check *check, const Referat__Document *document)
{
	static const char key[] = "check.identity-numbers.notice";
	for (size_t i = 0; i < document->n_notices; i++) {
		const Referat__Notice *notice = document->notices[i];
		check_text(check, join(check, notice->n_blocks, notice->blocks).text, key);
		for (size_t k = 0; k < notice->n_blocks; k++)
			for (size_t s = 0; s < notice->blocks[k]->n_spans; s++)
				check_text(check, notice->blocks[k]->spans[s]->href, key);
	}
	if (document->meeting)
		check_text(check, document->meeting->location, key);
	if (document->correction && document->n_notices == 0)
		check_text(check, document->correction->note, key);
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	struct check check = {.call = call};
	check_text(&check, document->title, "check.identity-numbers.title");
	if (document->board && !document->title)
		check_text(&check, document->board->name, "check.identity-numbers.title");
	check_blocks(&check, -1, NULL, document->n_lead, document->lead);
	for (size_t i = 0; i < document->n_items; i++)
		check_item(&check, i, document->items[i]);
	check_notices(&check, document);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.identity-numbers",
    .version = REFERAT_VERSION,
    .summary = "finds identity numbers of persons, which must not be published",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .run = run,
};
