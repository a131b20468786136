/* Passages of a document, and their places in words. */
#include <referat/passages.h>

#include <referat/people.h>

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { MOST_QUOTED = 300, IDENTITY_DIGITS = 10 };

void referat_place_source(struct referat_place *place, const Referat__Place *source)
{
	place->line = source && source->has_line ? (int32_t)source->line : -1;
	place->page = source && source->has_page ? (int32_t)source->page : -1;
}

struct walk {
	referat_visit visit;
	void *context;
};

static bool visit_text(const struct walk *walk, struct referat_passage passage, const char *text)
{
	passage.text = text ? text : "";
	return walk->visit(walk->context, &passage);
}

/* The passage is what all blocks have in common. */
static bool visit_blocks(const struct walk *walk, struct referat_passage passage, size_t n, Referat__Block **blocks)
{
	for (size_t i = 0; i < n; i++) {
		const Referat__Block *block = blocks[i];
		passage.block = block;
		if (passage.area != REFERAT_AREA_NOTICE)
			passage.place.block = (int32_t)i;
		referat_place_source(&passage.place, block->place);
		if (!visit_text(walk, passage, block->text))
			return false;
	}
	return true;
}

static bool visit_item(const struct walk *walk, size_t index, const Referat__Item *item)
{
	struct referat_passage passage = {.area = REFERAT_AREA_HEADING, .item = item, .place = REFERAT_NOWHERE};
	passage.place.item = (int32_t)index;
	referat_place_source(&passage.place, item->heading_place);
	if (!visit_text(walk, passage, item->heading))
		return false;
	passage.area = REFERAT_AREA_ITEM;
	return visit_blocks(walk, passage, item->n_blocks, item->blocks);
}

void referat_passages(const Referat__Document *document, referat_visit visit, void *context)
{
	struct walk walk = {visit, context};
	struct referat_passage passage = {.area = REFERAT_AREA_TITLE, .place = REFERAT_NOWHERE};
	if (!visit_text(&walk, passage, document->title))
		return;
	passage.area = REFERAT_AREA_LEAD;
	if (!visit_blocks(&walk, passage, document->n_lead, document->lead))
		return;
	for (size_t i = 0; i < document->n_items; i++)
		if (!visit_item(&walk, i, document->items[i]))
			return;
	passage.area = REFERAT_AREA_NOTICE;
	for (size_t i = 0; i < document->n_notices; i++) {
		passage.notice = document->notices[i];
		if (!visit_blocks(&walk, passage, passage.notice->n_blocks, passage.notice->blocks))
			return;
	}
}

struct referat_place referat_place_in(const struct referat_passage *passage, size_t start, size_t end)
{
	struct referat_place place = passage->place;
	if (place.block >= 0 && end <= INT32_MAX) {
		place.start = (int32_t)start;
		place.end = (int32_t)end;
	}
	return place;
}

const char *referat_where(struct referat_call *call, const struct referat_passage *passage)
{
	const char *paragraph = referat_format(call, "%d", passage->place.block + 1);
	const char *number = referat_format(call, "%d", passage->place.item + 1);
	const char *heading = passage->item ? referat_quote_heading(call, passage->item) : NULL;
	switch (passage->area) {
	case REFERAT_AREA_TITLE:
		return referat_say(call, "where.title", NULL);
	case REFERAT_AREA_LEAD:
		return referat_say(call, "where.lead", "paragraph", paragraph, NULL);
	case REFERAT_AREA_HEADING:
		return heading ? referat_say(call, "where.heading", "heading", heading, NULL)
			       : referat_say(call, "where.heading-number", "number", number, NULL);
	case REFERAT_AREA_ITEM:
		return heading ? referat_say(call, "where.item", "heading", heading, "paragraph", paragraph, NULL)
			       : referat_say(call, "where.item-number", "number", number, "paragraph", paragraph, NULL);
	case REFERAT_AREA_NOTICE:
		break;
	}
	return referat_say(call, "where.notice", NULL);
}

const char *referat_quote(struct referat_call *call, const char *text, size_t start, size_t end)
{
	if (end <= start || end - start > MOST_QUOTED || U8_IS_TRAIL(text[start]) || U8_IS_TRAIL(text[end]))
		return NULL;
	unsigned digits = 0;
	for (size_t at = start; at < end;) {
		UChar32 c;
		U8_NEXT(text, at, end, c);
		digits += c >= 0 && u_charDigitValue(c) >= 0;
	}
	const char *quote = digits < IDENTITY_DIGITS ? referat_copy(call, text + start, end - start) : NULL;
	return quote && !referat_has_private_name(call, quote) && !referat_has_telephone(quote) &&
		       !referat_is_about_one(call, quote)
		   ? quote
		   : NULL;
}

const char *referat_quote_heading(struct referat_call *call, const Referat__Item *item)
{
	bool secret = item->weight == REFERAT__WEIGHT__CONFIDENTIAL;
	return item->heading && !secret ? referat_quote(call, item->heading, 0, strlen(item->heading)) : NULL;
}
