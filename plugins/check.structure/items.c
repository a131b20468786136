/* The items: there, with a heading and a text each, and a decision where there was one. */
#include "check.h"

#include <referat/passages.h>

#include <string.h>

static struct referat_place place_of(size_t index, const Referat__Item *item)
{
	struct referat_place place = nowhere;
	place.item = (int32_t)index;
	referat_place_source(&place, item->heading_place);
	return place;
}

static bool has_heading(const Referat__Item *item)
{
	return item->heading && *item->heading;
}

/* What the item is called in a text for people: its heading when that may be quoted, else which it is. */
static const char *name_of(const struct check *check, size_t index, const Referat__Item *item)
{
	const char *quote = referat_quote_heading(check->call, item);
	return quote ? quote : referat_format(check->call, "%zu", index + 1);
}

static void check_decisions(const struct check *check, size_t index, const Referat__Item *item)
{
	const char *name = name_of(check, index, item);
	if (item->n_decisions == 0)
		report(check, "item-without-decision", REFERAT_NOTE, place_of(index, item), "heading", name);
	for (size_t i = 0; i < item->n_decisions; i++)
		if (item->decisions[i]->by_reference && !item->decisions[i]->resolved_text) {
			report(check, "decision-unresolved", REFERAT_WARNING, place_of(index, item), "heading", name);
			return;
		}
}

static void check_item(const struct check *check, size_t index)
{
	const Referat__Item *item = check->document->items[index];
	Referat__Kind kind = check->document->kind;
	const char *name = name_of(check, index, item);
	if (!has_heading(item))
		report(check, "heading-empty", REFERAT_WARNING, place_of(index, item), "number",
		       referat_format(check->call, "%zu", index + 1));
	if (item->n_blocks == 0 && kind != REFERAT__KIND__AGENDA) {
		report(check, "item-empty", REFERAT_WARNING, place_of(index, item), "heading", name);
		return;
	}
	if (has_heading(item) && item->sureness == REFERAT__SURENESS__DOUBTFUL)
		report(check, "heading-doubtful", REFERAT_WARNING, place_of(index, item), "heading", name);
	if (kind == REFERAT__KIND__SUMMARY || kind == REFERAT__KIND__MINUTES)
		check_decisions(check, index, item);
}

/* Two items of one heading can't be told apart in lists. Neighbours are looked at: a text that was pasted twice. */
static void check_repeated(const struct check *check)
{
	for (size_t i = 1; i < check->document->n_items; i++) {
		const Referat__Item *item = check->document->items[i];
		const Referat__Item *before = check->document->items[i - 1];
		if (has_heading(item) && has_heading(before) && strcmp(item->heading, before->heading) == 0)
			report(check, "heading-repeated", REFERAT_NOTE, place_of(i, item), "heading",
			       name_of(check, i, item));
	}
}

void check_items(const struct check *check)
{
	if (check->document->n_items == 0)
		report(check, "no-items", REFERAT_ERROR, nowhere, NULL, NULL);
	for (size_t i = 0; i < check->document->n_items; i++)
		check_item(check, i);
	check_repeated(check);
}
