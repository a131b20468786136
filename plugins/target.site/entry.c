/* A document in lists, feeds and sitemaps: rendered once, then put wherever it belongs. */
#include "site.h"

#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

static const char *const templates[ENTRY_KINDS] = {
    [ENTRY_LIST] = "entry.mustache",
    [ENTRY_FEED] = "atom-entry.mustache",
    [ENTRY_SITEMAP] = "sitemap-entry.mustache",
};

/* XML 1.0 has no way to write most control characters. */
static void put_clean(struct referat_call *call, struct json_object *object, const char *name, const char *text)
{
	char *clean = (char *)referat_copy(call, text ? text : "", text ? strlen(text) : 0);
	for (char *c = clean; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
		if (!memcmp(c, "\xef\xbf", 2) && ((unsigned char)c[2] == 0xbe || (unsigned char)c[2] == 0xbf))
			c[2] = (char)0xbd; /* U+FFFE and U+FFFF become U+FFFD */
	}
	referat_put(object, name, clean);
}

static void put_outcomes(struct referat_call *call, struct json_object *context, const Referat__Card *card)
{
	struct json_object *outcomes = json_object_new_array();
	for (size_t i = 0; i < card->n_outcomes; i++) {
		struct json_object *outcome = referat_view_outcome(call, (int)card->outcomes[i]);
		if (outcome)
			json_object_array_add(outcomes, outcome);
	}
	json_object_object_add(context, "has_outcomes", json_object_new_boolean(json_object_array_length(outcomes)));
	json_object_object_add(context, "outcomes", outcomes);
}

/* "Rättad den 22 april 2024"; NULL when it never was. */
static const char *correction_words(struct referat_call *call, const Referat__Card *card)
{
	if (!card->change)
		return NULL;
	const char *day = referat_day(call, card->change->date, referat_say(call, "day.date", NULL));
	return day[0] ? referat_say(call, "target.site.corrected-day", "day", day, NULL)
		      : referat_say(call, "target.site.corrected", NULL);
}

/* "Kompletterad med §§ 1–19"; NULL when it never was. */
static const char *completion_words(struct referat_call *call, const Referat__Card *card)
{
	if (!card->completion || !card->completion->paragraphs)
		return NULL;
	return referat_say(call, "target.site.completed", "paragraphs", card->completion->paragraphs, NULL);
}

/* Of the document itself, over what every entry has. */
static void put_document(struct referat_call *call, const struct site *site, const struct row *row,
			 struct json_object *context)
{
	const Referat__Card *card = row->card;
	const char *midnight = referat_format(call, "%sT00:00:00Z", row->day[0] ? row->day : "1970-01-01");
	put_clean(call, context, "title", card->title);
	put_clean(call, context, "board", card->board_name);
	put_clean(call, context, "board_id", card->board_id);
	put_clean(call, context, "short_text", card->short_text);
	referat_put(context, "id", card->document);
	referat_put(context, "place", site_place(call, site, row));
	referat_put(context, "day", row->day);
	referat_put(context, "day_words",
		    row->day[0] ? referat_day(call, row->day, referat_say(call, "day.full", NULL)) : NULL);
	put_outcomes(call, context, card);
	put_clean(call, context, "received", card->received ? card->received : midnight);
	put_clean(call, context, "updated", card->updated ? card->updated : midnight);
	put_clean(call, context, "corrected", correction_words(call, card));
	put_clean(call, context, "completed", completion_words(call, card));
}

const char *site_entry(struct referat_call *call, struct site *site, struct row *row, enum entry_kind kind)
{
	if (row->entries[kind])
		return row->entries[kind];
	if (!site->entry_context) {
		site->entry_context = site_context(call, site, (const char[]){ENTRY_ROOT, '\0'});
		referat_put(site->entry_context, "authority", site_authority(call));
	}
	put_document(call, site, row, site->entry_context);
	row->entries[kind] = site_template(call, templates[kind], site->entry_context);
	return row->entries[kind];
}
