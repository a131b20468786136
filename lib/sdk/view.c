#include <referat/view.h>

#include <referat/message.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS_MOST = 256, AGE_MONTHS = 6 };

const Referat__BoardEntry *referat_board(const Referat__Publisher *publisher, const char *id)
{
	for (size_t i = 0; publisher && id && i < publisher->n_boards; i++)
		if (publisher->boards[i]->id && !strcmp(publisher->boards[i]->id, id))
			return publisher->boards[i];
	return NULL;
}

/* ---- pieces of the context --------------------------------------------------------------------------------------- */

static void put_link(struct json_object *object, const char *name, const char *address)
{
	referat_put(object, name, referat_is_link(address) ? address : NULL);
}

static void put_flag(struct json_object *object, const char *name, bool flag)
{
	json_object_object_add(object, name, json_object_new_boolean(flag));
}

/* Lists are shown with a heading around them: `has_items` beside `items`. */
static void put_list(struct json_object *object, const char *name, struct json_object *list)
{
	char flag[64] = "has_";
	strncat(flag, name, sizeof flag - sizeof "has_");
	put_flag(object, flag, json_object_array_length(list) > 0);
	json_object_object_add(object, name, list);
}

struct json_object *referat_view_outcome(struct referat_call *call, int outcome)
{
	const char *key = referat_outcome_key(outcome);
	if (!key)
		return json_object_new_boolean(false);
	struct json_object *entry = json_object_new_object();
	referat_put(entry, "key", key);
	referat_put(entry, "word", referat_say(call, referat_format(call, "outcome.%s", key), NULL));
	referat_put(entry, "shape", referat_say(call, referat_format(call, "outcome.%s.shape", key), NULL));
	return entry;
}

/* Each that is known once. */
static struct json_object *outcomes_of(struct referat_call *call, const Referat__Item *item)
{
	struct json_object *list = json_object_new_array();
	bool seen[REFERAT__OUTCOME__OTHER] = {false};
	for (size_t i = 0; i < item->n_decisions; i++) {
		Referat__Outcome outcome = item->decisions[i]->outcome;
		if (!referat_outcome_key((int)outcome) || seen[outcome])
			continue;
		seen[outcome] = true;
		json_object_array_add(list, referat_view_outcome(call, (int)outcome));
	}
	return list;
}

static struct json_object *decision_of(struct referat_call *call, const Referat__Decision *decision)
{
	struct json_object *entry = json_object_new_object();
	json_object_object_add(entry, "outcome", referat_view_outcome(call, (int)decision->outcome));
	referat_put(entry, "text", decision->text);
	referat_put(entry, "proposal", decision->by_reference ? decision->resolved_text : NULL);
	return entry;
}

/* The summary's sentences on that item, which stand alone; else the decisions as they are. */
static struct json_object *sentences_of(const Referat__Item *item, size_t index, const Referat__Summary *summary)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; summary && i < summary->n_items; i++) {
		const Referat__SummaryItem *entry = summary->items[i];
		for (size_t k = 0; entry->has_item && entry->item == index && k < entry->n_sentences; k++)
			if (entry->sentences[k]->text)
				json_object_array_add(list, json_object_new_string(entry->sentences[k]->text));
	}
	for (size_t i = 0; !json_object_array_length(list) && i < item->n_decisions; i++)
		if (item->decisions[i]->text)
			json_object_array_add(list, json_object_new_string(item->decisions[i]->text));
	return list;
}

/* Decisions are shown right after the heading: there they are not to be read twice. */
static size_t find_cuts(const Referat__Item *item, struct referat_cut cuts[CUTS_MOST])
{
	size_t n = 0;
	for (size_t i = 0; i < item->n_decisions && n < CUTS_MOST; i++) {
		const Referat__Place *place = item->decisions[i]->place;
		if (place && place->has_block && place->has_start && place->has_end)
			cuts[n++] = (struct referat_cut){place->block, place->start, place->end};
	}
	return n;
}

static struct json_object *item_of(struct referat_call *call, const Referat__Item *item, size_t index,
				   const Referat__Summary *summary)
{
	struct json_object *out = json_object_new_object();
	struct json_object *decisions = json_object_new_array();
	struct referat_cut cuts[CUTS_MOST];
	size_t n_cuts = find_cuts(item, cuts);
	for (size_t i = 0; i < item->n_decisions; i++)
		if (item->decisions[i]->text)
			json_object_array_add(decisions, decision_of(call, item->decisions[i]));
	referat_put(out, "anchor", referat_format(call, "arende-%zu", index + 1));
	referat_put(out, "heading", item->heading);
	referat_put(out, "number", item->number);
	referat_put(out, "case_number", item->case_number);
	put_flag(out, "reference", item->number || item->case_number);
	put_list(out, "outcomes", outcomes_of(call, item));
	put_list(out, "decisions", decisions);
	put_list(out, "sentences", sentences_of(item, index, summary));
	put_list(out, "background", referat_view_blocks(item->blocks, item->n_blocks, cuts, n_cuts));
	return out;
}

static void put_items(struct referat_call *call, struct json_object *view, const Referat__Document *document)
{
	enum { FEW = 3 };
	const Referat__Summary *summary = referat_unpack(call, "summary", &referat__summary__descriptor);
	struct json_object *items = json_object_new_array();
	for (size_t i = 0; i < document->n_items; i++)
		if (document->items[i]->heading || document->items[i]->n_blocks)
			json_object_array_add(items, item_of(call, document->items[i], i, summary));
	put_flag(view, "many_items", json_object_array_length(items) > FEW);
	put_list(view, "items", items);
	referat_put(view, "short_text", summary ? summary->short_text : NULL);
}

static bool is_dead_label(struct json_object *block)
{
	struct json_object *line = json_object_object_get(block, "line");
	struct json_object *segments = line ? json_object_object_get(line, "segments") : NULL;
	for (size_t i = 0; segments && i < json_object_array_length(segments); i++)
		if (json_object_get_boolean(json_object_object_get(json_object_array_get_idx(segments, i), "href")))
			return false;
	return segments != NULL;
}

/* "Rättelse 2024-04-22: beloppet är …": the template says what stands before the note. */
static size_t find_label(const Referat__Notice *notice, const Referat__Change *correction, struct referat_cut *cut)
{
	const char *text = notice->n_blocks ? notice->blocks[0]->text : NULL;
	size_t length = text ? strlen(text) : 0;
	size_t note = correction && correction->note ? strlen(correction->note) : 0;
	if (!note || note >= length || strcmp(text + length - note, correction->note) != 0)
		return 0;
	*cut = (struct referat_cut){.block = 0, .start = 0, .end = length - note};
	return 1;
}

/* Notices of one role, all their blocks in a row. The label of a link whose address is not known says nothing. */
static void put_notices(struct json_object *view, const char *name, const Referat__Document *document, int role)
{
	struct json_object *blocks = json_object_new_array();
	for (size_t i = 0; i < document->n_notices; i++) {
		const Referat__Notice *notice = document->notices[i];
		if ((int)notice->role != role)
			continue;
		struct referat_cut label;
		size_t n_labels = find_label(notice, document->correction, &label);
		struct json_object *more = referat_view_blocks(notice->blocks, notice->n_blocks, &label, n_labels);
		for (size_t k = 0; k < json_object_array_length(more); k++) {
			struct json_object *block = json_object_array_get_idx(more, k);
			if (!is_dead_label(block))
				json_object_array_add(blocks, json_object_get(block));
		}
		json_object_put(more);
	}
	put_list(view, name, blocks);
}

static void put_meeting(struct referat_call *call, struct json_object *view, const Referat__Document *document)
{
	const Referat__Meeting *meeting = document->meeting;
	const char *day = meeting && meeting->day && meeting->day->date ? meeting->day->date : "";
	const char *words = referat_day(call, day, referat_say(call, "day.full", NULL));
	referat_put(view, "day", words[0] ? day : NULL);
	referat_put(view, "day_words", words);
	referat_put(view, "old_from", referat_months_later(call, day, AGE_MONTHS));
	referat_put(view, "location", meeting ? meeting->location : NULL);
}

static const char *title_of(struct referat_call *call, const Referat__Document *document, const char *board)
{
	const Referat__Meeting *meeting = document->meeting;
	const char *date = meeting && meeting->day ? meeting->day->date : NULL;
	if (document->title && document->title[0])
		return document->title;
	if (!board || !board[0])
		board = referat_say(call, "view.board-unknown", NULL);
	const char *day = referat_day(call, date, referat_say(call, "day.date", NULL));
	if (!day[0])
		return referat_say(call, "view.untitled", "board", board, NULL);
	return referat_say(call, "view.untitled-day", "board", board, "day", day, NULL);
}

static void put_correction(struct referat_call *call, struct json_object *view, const Referat__Change *correction)
{
	const char *day = correction && correction->date ? correction->date : "";
	const char *words = referat_day(call, day, referat_say(call, "day.date", NULL));
	put_flag(view, "corrected", correction != NULL);
	referat_put(view, "correction_note", correction ? correction->note : NULL);
	referat_put(view, "correction_title",
		    words[0] ? referat_say(call, "view.correction-day", "day", words, NULL)
			     : referat_say(call, "view.correction", NULL));
}

static void put_publisher(struct referat_call *call, struct json_object *view, const char *board_id)
{
	const Referat__Publisher *publisher = referat_unpack(call, "publisher", &referat__publisher__descriptor);
	const Referat__BoardEntry *board = referat_board(publisher, board_id);
	static const Referat__Publisher none = REFERAT__PUBLISHER__INIT;
	const Referat__Publisher *from = publisher ? publisher : &none;
	struct json_object *out = json_object_new_object();
	referat_put(out, "name", from->name);
	referat_put(out, "short_name", from->short_name);
	referat_put(out, "contact", from->contact);
	put_link(out, "home", from->home);
	put_link(out, "subscribe", from->subscribe);
	put_link(out, "all_decisions", from->all_decisions);
	put_link(out, "accessibility", from->accessibility);
	put_link(out, "privacy", from->privacy);
	put_link(out, "documents", board && board->documents ? board->documents : from->documents);
	put_link(out, "meetings", board ? board->meetings : NULL);
	put_link(out, "members", board ? board->members : NULL);
	json_object_object_add(view, "publisher", out);
}

struct json_object *referat_view(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document) {
		referat_because(call, REFERAT_FAIL, "there is no part \"document\" to write from");
		return NULL;
	}
	struct json_object *view = json_object_new_object();
	const char *board = document->board ? document->board->name : NULL;
	const char *board_id = document->board ? document->board->id : NULL;
	const char *language = document->language ? document->language : referat_get(call, "publisher.language");
	referat_put(view, "language", language[0] ? language : "sv");
	referat_put(view, "title", title_of(call, document, board));
	referat_put(view, "board", board);
	referat_put(view, "board_id", board_id);
	put_flag(view, "is_minutes", document->kind == REFERAT__KIND__MINUTES);
	put_meeting(call, view, document);
	put_list(view, "lead", referat_view_blocks(document->lead, document->n_lead, NULL, 0));
	put_items(call, view, document);
	put_notices(view, "documents_notice", document, REFERAT__NOTICE_ROLE__DOCUMENTS);
	put_notices(view, "delay_notice", document, REFERAT__NOTICE_ROLE__MINUTES_DELAY);
	put_notices(view, "correction_notice", document, REFERAT__NOTICE_ROLE__CORRECTION);
	put_correction(call, view, document->correction);
	put_publisher(call, view, board_id);
	return view;
}
