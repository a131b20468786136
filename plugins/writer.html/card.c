#include "card.h"

#include <referat/message.h>
#include <referat/view.h>
#include <referat/words.h>

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(struct json_object *view, const char *name)
{
	struct json_object *value = json_object_object_get(view, name);
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

/* NULL: the day is not known, or is none. */
static const char *day_of(struct referat_call *call, const Referat__Document *document)
{
	const Referat__Meeting *meeting = document->meeting;
	const char *date = meeting && meeting->day ? meeting->day->date : NULL;
	return date && referat_day(call, date, "y")[0] ? date : NULL;
}

/* A summary is what most come for: it has the plain address. */
static const char *kind_ending(int kind)
{
	switch (kind) {
	case REFERAT__KIND__MINUTES:
		return "-protokoll";
	case REFERAT__KIND__AGENDA:
		return "-kallelse";
	case REFERAT__KIND__BOARD_NOTICE:
		return "-anslag";
	case REFERAT__KIND__ANNOUNCEMENT:
		return "-kungorelse";
	default:
		return "";
	}
}

const char *card_path(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	const char *id = referat_get(call, "id");
	const char *day = document ? day_of(call, document) : NULL;
	const char *board =
	    document && document->board && document->board->name ? referat_slug(call, document->board->name) : "";
	if (!day)
		return referat_format(call, "odaterat/%s%s%s/", board, board[0] ? "-" : "", id);
	uint32_t sequence = document->meeting->sequence;
	/* A meeting has its minutes on one page, in however many files they come. */
	const char *paragraphs = document->kind == REFERAT__KIND__MINUTES ? "" : referat_get(call, "paragraphs");
	bool known = document->board && document->board->id && board[0];
	return referat_format(call, "%.4s/%s%s%s%s%s%s%s%s%s/", day, board, board[0] ? "-" : "", day,
			      kind_ending(document->kind), sequence > 1 ? referat_format(call, "-%u", sequence) : "",
			      paragraphs[0] ? "-paragraf-" : "", paragraphs, known ? "" : "-", known ? "" : id);
}

/* Every outcome once, in the order of the enum. */
static void put_outcomes(struct referat_call *call, Referat__Card *card, const Referat__Document *document)
{
	bool has[REFERAT__OUTCOME__OTHER + 1] = {false};
	for (size_t i = 0; i < document->n_items; i++)
		for (size_t k = 0; k < document->items[i]->n_decisions; k++)
			if (referat_outcome_key(document->items[i]->decisions[k]->outcome))
				has[document->items[i]->decisions[k]->outcome] = true;
	card->outcomes = referat_alloc(call, sizeof has / sizeof *has * sizeof *card->outcomes);
	for (size_t i = 0; i < sizeof has / sizeof *has; i++)
		if (has[i])
			card->outcomes[card->n_outcomes++] = (Referat__Outcome)i;
}

static void put_headings(struct referat_call *call, Referat__Card *card, const Referat__Document *document)
{
	card->headings = referat_alloc(call, (document->n_items + 1) * sizeof *card->headings);
	for (size_t i = 0; i < document->n_items; i++)
		if (document->items[i]->heading)
			card->headings[card->n_headings++] = document->items[i]->heading;
}

static char *value(struct referat_call *call, const char *name)
{
	const char *text = referat_get(call, name);
	return text[0] ? (char *)text : NULL;
}

void card_add(struct referat_call *call, struct json_object *view)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	Referat__Card card = REFERAT__CARD__INIT;
	card.document = value(call, "id");
	card.has_revision = true;
	card.revision = (uint32_t)strtoul(referat_get(call, "revision"), NULL, 10);
	card.title = (char *)text_of(view, "title");
	card.board_id = document->board ? document->board->id : NULL;
	card.board_name = document->board ? document->board->name : NULL;
	card.day = (char *)day_of(call, document);
	card.short_text = (char *)text_of(view, "short_text");
	card.path = (char *)card_path(call);
	card.change = document->correction;
	card.completion = document->completion;
	card.received = value(call, "received");
	card.updated = value(call, "updated");
	card.has_kind = document->has_kind;
	card.kind = document->kind;
	put_outcomes(call, &card, referat_shown(call, document));
	put_headings(call, &card, referat_shown(call, document));
	referat_add_message(call, "card", "referat.card/1", &card.base);
}
