#include <referat/view.h>

#include "view_parts.h"

#include <referat/message.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { AGE_MONTHS = 6 };

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

void rf_view_flag(struct json_object *object, const char *name, bool flag)
{
	json_object_object_add(object, name, json_object_new_boolean(flag));
}

void rf_view_list(struct json_object *object, const char *name, struct json_object *list)
{
	char flag[64] = "has_";
	strncat(flag, name, sizeof flag - sizeof "has_");
	rf_view_flag(object, flag, json_object_array_length(list) > 0);
	json_object_object_add(object, name, list);
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
	rf_view_list(view, name, blocks);
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
	rf_view_flag(view, "corrected", correction != NULL);
	referat_put(view, "correction_note", correction ? correction->note : NULL);
	referat_put(view, "correction_title",
		    words[0] ? referat_say(call, "view.correction-day", "day", words, NULL)
			     : referat_say(call, "view.correction", NULL));
}

/* What has come to the page since it was first published. */
static void put_completion(struct referat_call *call, struct json_object *view, const Referat__Completion *completion)
{
	const char *paragraphs = completion && completion->paragraphs ? completion->paragraphs : "";
	const char *date = completion && completion->date ? completion->date : "";
	const char *day = referat_day(call, date, referat_say(call, "day.date", NULL));
	rf_view_flag(view, "completed", paragraphs[0]);
	if (!paragraphs[0])
		return;
	referat_put(view, "completion_title", referat_say(call, "view.completion", NULL));
	referat_put(view, "completion_note",
		    day[0] ? referat_say(call, "view.completion-day", "paragraphs", paragraphs, "day", day, NULL)
			   : referat_say(call, "view.completion-note", "paragraphs", paragraphs, NULL));
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
	document = referat_shown(call, document);
	struct json_object *view = json_object_new_object();
	const char *board = document->board ? document->board->name : NULL;
	const char *board_id = document->board ? document->board->id : NULL;
	const char *language = document->language ? document->language : referat_get(call, "publisher.language");
	referat_put(view, "language", language[0] ? language : "sv");
	referat_put(view, "title", title_of(call, document, board));
	referat_put(view, "board", board);
	referat_put(view, "board_id", board_id);
	rf_view_flag(view, "is_minutes", document->kind == REFERAT__KIND__MINUTES);
	put_meeting(call, view, document);
	rf_view_list(view, "lead", referat_view_blocks(document->lead, document->n_lead, NULL, 0));
	rf_view_items(call, view, document);
	put_notices(view, "documents_notice", document, REFERAT__NOTICE_ROLE__DOCUMENTS);
	put_notices(view, "delay_notice", document, REFERAT__NOTICE_ROLE__MINUTES_DELAY);
	put_notices(view, "correction_notice", document, REFERAT__NOTICE_ROLE__CORRECTION);
	put_correction(call, view, document->correction);
	put_completion(call, view, document->completion);
	put_publisher(call, view, board_id);
	return view;
}
