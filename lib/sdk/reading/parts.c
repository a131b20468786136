/* A file that holds more than one thing: an agenda and the minutes of the meeting, minutes of two meetings, or minutes
 * of one meeting that were adjusted apart, each with a cover of its own. */
#include "parts.h"

#include "cover.h"

#include <referat/merge.h>
#include <string.h>

/* ---- where they begin ------------------------------------------------------------------------------------------- */

bool rf_cover_begins(const struct referat_page *page, size_t at)
{
	enum { WITHIN = 30 };
	static const char *const starts[] = {"plats och tid", "tid och plats", "dag och tid", "sammanträdestid"};
	const char *lower = page->paragraphs[at].lower;
	bool where = false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		where = where || rf_starts_with(lower, starts[i]);
	if (!where || strstr(lower, "juster"))
		return false;
	for (size_t i = at + 1; i < page->n && i <= at + WITHIN; i++) {
		size_t value;
		enum field field = rf_field_of(&page->paragraphs[i], &value);
		if (field == FIELD_MEMBERS || field == FIELD_ADJUSTERS)
			return true;
		if (rf_label_of(&page->paragraphs[i]) == LABEL_DECISION)
			return false;
	}
	return false;
}

/* The title above the cover; else where the cover begins. */
static size_t title_above(const struct referat_page *page, size_t from, size_t at)
{
	enum { WITHIN = 8 };
	for (size_t i = at; i > from + 1 && at - i < WITHIN; i--) {
		const struct referat_paragraph *line = &page->paragraphs[i - 1];
		if (!rf_is_short_line(line) || rf_label_of(line) != LABEL_NONE)
			break;
		if (rf_kind_said(line))
			return i - 1;
	}
	return at;
}

/* What is printed on every page was seen first in the first part: of a later one it may tell the board, not the day. */
static void give_heads(const struct referat_page *page, struct referat_page *parts, size_t n)
{
	struct referat_paragraph *heads = referat_alloc(page->call, (page->n_heads + 1) * sizeof(*heads));
	size_t n_heads = 0;
	for (size_t i = 0; i < page->n_heads; i++)
		if (!strpbrk(page->heads[i].text, "0123456789"))
			heads[n_heads++] = page->heads[i];
	for (size_t i = 0; i < n; i++) {
		parts[i].heads = i == 0 ? page->heads : heads;
		parts[i].n_heads = i == 0 ? page->n_heads : n_heads;
	}
}

size_t rf_parts_find(const struct referat_page *page, struct referat_page parts[MOST_PARTS])
{
	size_t n = 0;
	size_t from = 0;
	bool said = false; /* something was proposed or decided since `from` */
	for (size_t i = 0; i < page->n && n + 1 < MOST_PARTS; i++) {
		enum label label = rf_label_of(&page->paragraphs[i]);
		said = said || label == LABEL_DECISION || label == LABEL_PROPOSAL;
		if (!said || !rf_cover_begins(page, i))
			continue;
		size_t next = title_above(page, from, i);
		parts[n++] =
		    (struct referat_page){.call = page->call, .paragraphs = page->paragraphs + from, .n = next - from};
		from = next;
		said = false;
	}
	parts[n++] =
	    (struct referat_page){.call = page->call, .paragraphs = page->paragraphs + from, .n = page->n - from};
	give_heads(page, parts, n);
	return n;
}

/* ---- what they make together ------------------------------------------------------------------------------------ */

static const char *day_of(const Referat__Document *document)
{
	return document->meeting && document->meeting->day ? document->meeting->day->date : NULL;
}

/* What is not known of the second is as in the first; but the day must be known. */
static bool is_same_meeting(const Referat__Document *one, const Referat__Document *other)
{
	if (!day_of(one) || !day_of(other) || strcmp(day_of(one), day_of(other)) != 0)
		return false;
	return !one->board || !other->board || strcmp(one->board->name, other->board->name) == 0;
}

static void *take_memory(void *call, size_t size)
{
	return referat_alloc(call, size);
}

static const char *meeting_words(struct referat_call *call, const Referat__Document *document)
{
	const char *board = document->board ? document->board->name : referat_say(call, "view.board-unknown", NULL);
	return day_of(document) ? referat_format(call, "%s %s", board, day_of(document)) : board;
}

enum reading rf_parts_join(struct referat_call *call, Referat__Document *documents, size_t n,
			   Referat__Document **together)
{
	Referat__Document *minutes[MOST_PARTS]; /* minutes go before what was only proposed */
	struct referat_merge *merge = referat_alloc(call, sizeof(*merge));
	*merge = (struct referat_merge){.documents = minutes, .alloc = take_memory, .context = call};
	for (size_t i = 0; i < n; i++)
		if (documents[i].kind == REFERAT__KIND__MINUTES)
			minutes[merge->n++] = &documents[i];
	for (size_t i = 1; i < merge->n; i++)
		if (!is_same_meeting(minutes[0], minutes[i])) {
			referat_because(call, REFERAT_HOLD, "%s",
					referat_say(call, "reading.several_meetings", "first",
						    meeting_words(call, minutes[0]), "second",
						    meeting_words(call, minutes[i]), NULL));
			return READING_HELD;
		}
	if (merge->n > 1)
		referat_merge(merge);
	*together = merge->n > 1 ? &merge->together : merge->n ? minutes[0] : n ? &documents[0] : NULL;
	return *together ? READING_DONE : READING_NOTHING;
}
